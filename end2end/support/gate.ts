import type { BrowserContext, Page, WebSocketRoute } from '@playwright/test';

/** Frames of the binary codec begin with the number of their variant. */
const FROM_CLIENT = [
  'hello',
  'send',
  'mark_read',
  'typing',
  'fetch',
  'ping',
  'arrange',
  'save',
  'remind',
  'dismiss',
  'active',
  'draft',
  'folder',
  'received',
  'see_thread',
] as const;
const FROM_SERVER = ['welcome', 'resumed', 'event', 'ack', 'reject', 'page'] as const;

/** A close code that the protocol does not use: a connection that was lost. */
const LOST = 4999;
const REFUSED = 6;
const INTERNAL = 0;
const TOO_MANY = 22;

type FromClient = (typeof FROM_CLIENT)[number];
type FromServer = (typeof FROM_SERVER)[number] | 'other';
/** `refuse` answers a request as a server in trouble would, `deny` as one that has no room. */
type Verdict = 'pass' | 'twice' | 'drop' | 'hold' | 'refuse' | 'deny';

/** Stands between a page and its socket: counts, drops, holds back, and cuts. */
export class SocketGate {
  /** The names of the frames that the page has sent, in order. */
  readonly sent: FromClient[] = [];
  /** What becomes of a frame of the page. */
  upward: (name: FromClient) => Verdict = () => 'pass';
  /** What becomes of a frame of the server. */
  downward: (name: FromServer) => Verdict = () => 'pass';
  #open = true;
  readonly #routes = new Map<WebSocketRoute, WebSocketRoute>();
  #held: (() => void)[] = [];

  /** For all pages that are opened from now on. */
  static async before(target: Page | BrowserContext): Promise<SocketGate> {
    const gate = new SocketGate();
    await target.routeWebSocket(/\/ws$/, (route) => gate.#pass(route));
    return gate;
  }

  /** Closes what is open, and lets nothing new through. */
  async cut(): Promise<void> {
    this.#open = false;
    const open = [...this.#routes];
    this.#routes.clear();
    for (const [route, server] of open) {
      await server.close({ code: 1000 });
      await route.close({ code: LOST });
    }
  }

  /** Lets sockets through again. */
  mend(): void {
    this.#open = true;
  }

  /** Delivers what was held back, in its order, and holds nothing more. */
  release(): void {
    this.upward = () => 'pass';
    this.downward = () => 'pass';
    const held = this.#held;
    this.#held = [];
    for (const deliver of held) {
      deliver();
    }
  }

  /** How many frames of a kind the page has sent. */
  count(name: FromClient): number {
    return this.sent.filter((sent) => sent === name).length;
  }

  #pass(route: WebSocketRoute): void {
    if (!this.#open) {
      void route.close({ code: LOST });
      return;
    }
    const server = route.connectToServer();
    this.#routes.set(route, server);
    route.onMessage((message) => {
      const name = FROM_CLIENT[first(message)];
      if (name !== undefined) {
        this.sent.push(name);
        const verdict = this.upward(name);
        if (verdict === 'refuse') {
          route.send(refusal(message, INTERNAL));
        } else if (verdict === 'deny') {
          route.send(refusal(message, TOO_MANY));
        } else {
          this.#deliver(verdict, () => server.send(message));
        }
      }
    });
    server.onMessage((message) => {
      const name = FROM_SERVER[first(message)] ?? 'other';
      this.#deliver(this.downward(name), () => route.send(message));
    });
  }

  #deliver(verdict: Verdict, deliver: () => void): void {
    if (verdict === 'pass' || verdict === 'twice') {
      deliver();
      if (verdict === 'twice') {
        deliver();
      }
    } else if (verdict === 'hold') {
      this.#held.push(deliver);
    }
  }
}

function first(message: string | Buffer): number {
  return typeof message === 'string' ? -1 : (message[0] ?? -1);
}

/** `refused` with the number of the request, which is a varint after the variant. */
function refusal(message: string | Buffer, code: number): Buffer {
  const bytes = [...Buffer.from(message)].slice(1);
  const end = bytes.findIndex((byte) => byte < 0x80);
  return Buffer.from([REFUSED, ...bytes.slice(0, end + 1), code]);
}
