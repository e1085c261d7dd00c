import { randomBytes } from 'node:crypto';
import {
  request,
  type APIRequestContext,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from '@playwright/test';
import { Device } from './device.ts';
import type { Noise } from './noise.ts';
import { ulid, type Person, type Summary } from './wire.ts';

export const PASSWORD = 'chai at five o’clock';

/** A phone that is held upright. */
export const PHONE: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
};

/** How the programs of these tests call themselves in the list of devices. */
const AGENT = 'Mozilla/5.0 (X11; Linux x86_64; rv:146.0) Gecko/20100101 Firefox/146.0';

/** Letters that no other test uses. */
export function tag(): string {
  return Array.from(randomBytes(7), (byte) => String.fromCharCode(97 + (byte % 26))).join('');
}

/** Waits until scripts have taken the page over. */
export async function alive(page: Page): Promise<void> {
  await page.locator('html[data-hydrated]').waitFor({ state: 'attached' });
}

/** What accounts are made with. */
export interface World {
  origin: string;
  browser: Browser;
  noise: Noise;
  /** Anything that has to be closed at the end. */
  keep(end: () => Promise<void>): void;
}

/** Somebody with an account. Each browser and each device of theirs is a session of its own. */
export class Account {
  readonly #world: World;
  readonly person: Person;
  readonly email: string;
  readonly #api: APIRequestContext;

  private constructor(world: World, person: Person, email: string, api: APIRequestContext) {
    this.#world = world;
    this.person = person;
    this.email = email;
    this.#api = api;
  }

  /** Signs up through the form's address. */
  static async signUp(world: World, name: string, username = `u${tag()}`): Promise<Account> {
    const api = await apiContext(world);
    const email = `${username}@example.org`;
    const form = { display_name: name, username, email, password: PASSWORD };
    await post(api, 'sign_up', form);
    const start = await api.get('/api/start');
    const { me } = (await start.json()) as { me: Person };
    return new Account(world, me, email, api);
  }

  get name(): string {
    return this.person.display_name;
  }

  /** The direct conversation with somebody, or the notes when that is oneself. */
  async openDirect(other: Account): Promise<string> {
    const answer = await post(this.#api, 'open_direct', { with: other.person.id });
    return ((await answer.json()) as Summary).id;
  }

  /** A group of this account and others. */
  async createGroup(title: string, others: readonly Account[]): Promise<string> {
    const users = others.map(({ person }) => person.id).join(',');
    const answer = await post(this.#api, 'create_group', { send_id: ulid(), title, users });
    return ((await answer.json()) as Summary).id;
  }

  /** The path of a fresh link to a group of this account. */
  async invite(conversation: string, lifetime = 'week', uses = 'any'): Promise<string> {
    const form = { conversation, lifetime, uses };
    const answer = await post(this.#api, 'make_invite', form);
    return `/join/${((await answer.json()) as { token: string }).token}`;
  }

  /** Lets a message wait on the server, so long from now. */
  async schedule(conversation: string, text: string, inMs: number): Promise<void> {
    const due = String(Date.now() + inMs);
    await post(this.#api, 'schedule', { id: ulid(), conversation, text, due });
  }

  /** The names of all groups that this account is in. */
  async titles(): Promise<string[]> {
    const answer = await this.#api.get('/api/list_conversations');
    return ((await answer.json()) as Summary[]).flatMap(({ title }) => title ?? []);
  }

  /** A row of this account's list, as the server has it. */
  async summary(conversation: string): Promise<Summary> {
    const answer = await this.#api.get('/api/list_conversations');
    const found = ((await answer.json()) as Summary[]).find(({ id }) => id === conversation);
    if (found === undefined) {
      throw new Error(`${this.name} has no conversation ${conversation}`);
    }
    return found;
  }

  /** A program signed in as this account, with the session of the sign-up. */
  async device(): Promise<Device> {
    const { cookies } = await this.#api.storageState();
    const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
    const device = await Device.connect(this.#world.origin, cookie);
    this.#world.keep(() => device.close());
    return device;
  }

  /** A browser in which this account is signed in. */
  async browser(options: BrowserContextOptions = {}): Promise<BrowserContext> {
    const context = await freshBrowser(this.#world, options);
    const form = { login: this.person.username, password: PASSWORD };
    const headers = { origin: this.#world.origin };
    const answer = await context.request.post('/api/sign_in', { form, headers });
    if (!answer.ok()) {
      throw new Error(`${this.name} cannot sign in: ${answer.status()} ${await answer.text()}`);
    }
    return context;
  }

  /** A page in a browser of its own, alive. */
  async open(path = '/', options: BrowserContextOptions = {}): Promise<Page> {
    const page = await (await this.browser(options)).newPage();
    await page.goto(path);
    if (options.javaScriptEnabled !== false) {
      await alive(page);
    }
    return page;
  }
}

/** A browser in which nobody is signed in. */
export async function freshBrowser(
  world: World,
  options: BrowserContextOptions,
): Promise<BrowserContext> {
  const context = await world.browser.newContext({ baseURL: world.origin, ...options });
  world.keep(() => context.close());
  await world.noise.listen(context);
  return context;
}

async function apiContext(world: World): Promise<APIRequestContext> {
  const api = await request.newContext({
    baseURL: world.origin,
    userAgent: AGENT,
    extraHTTPHeaders: { origin: world.origin, accept: 'application/json' },
  });
  world.keep(() => api.dispose());
  return api;
}

async function post(
  api: APIRequestContext,
  name: string,
  form: Record<string, string>,
): ReturnType<APIRequestContext['post']> {
  const answer = await api.post(`/api/${name}`, { form });
  if (!answer.ok()) {
    throw new Error(`${name} answered ${answer.status()}: ${await answer.text()}`);
  }
  return answer;
}
