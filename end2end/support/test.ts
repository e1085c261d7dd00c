import { test as base, expect, type BrowserContext, type BrowserContextOptions } from '@playwright/test';
import { Noise } from './noise.ts';
import { Account, freshBrowser, tag, type World } from './people.ts';
import { Server } from './server.ts';

/** Two people who have a conversation. */
export interface Pair {
  ayesha: Account;
  bilal: Account;
  conversation: string;
  /** The conversation's page. */
  path: string;
}

interface Fixtures {
  noise: Noise;
  world: World;
  /** Somebody new, under a name that nobody else has. */
  signUp(name?: string): Promise<Account>;
  /** A browser in which nobody is signed in. */
  stranger(options?: BrowserContextOptions): Promise<BrowserContext>;
  pair: Pair;
}

interface Shared {
  server: Server;
  /** Settings of the server that the tests of a file need. */
  settings: Record<string, string>;
}

export const test = base.extend<Fixtures, Shared>({
  settings: [{}, { option: true, scope: 'worker' }],

  server: [
    async ({ settings }, use) => {
      const server = await Server.start(settings);
      await use(server);
      await server.stop();
    },
    { scope: 'worker', timeout: 90_000 },
  ],

  noise: async ({}, use) => {
    const noise = new Noise();
    await use(noise);
    expect(noise.found, 'errors in the console and violations of the policy').toEqual([]);
  },

  world: async ({ server, browser, noise }, use, info) => {
    const ends: (() => Promise<void>)[] = [];
    await use({ origin: server.url, browser, noise, keep: (end) => ends.push(end) });
    for (const end of ends.reverse()) {
      await end();
    }
    if (info.status !== info.expectedStatus) {
      await info.attach('server', { body: server.output, contentType: 'text/plain' });
    }
  },

  signUp: async ({ world }, use) => {
    await use((name = 'Zoya') => Account.signUp(world, `${name} ${tag()}`));
  },

  stranger: async ({ world }, use) => {
    await use((options = {}) => freshBrowser(world, options));
  },

  pair: async ({ signUp }, use) => {
    const [ayesha, bilal] = await Promise.all([signUp('Ayesha'), signUp('Bilal')]);
    const conversation = await ayesha.openDirect(bilal);
    await use({ ayesha, bilal, conversation, path: `/c/${conversation}` });
  },
});

export { expect };
