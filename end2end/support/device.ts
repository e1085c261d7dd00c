import { once } from 'node:events';
import { WebSocket } from 'ws';
import {
  SUBPROTOCOL,
  textOf,
  ulid,
  type Ack,
  type Arrangement,
  type ClientFrame,
  type Intent,
  type Message,
  type ServerFrames,
} from './wire.ts';

const ANSWER_MS = 15_000;
/** Half of what the server lets one connection have under way. */
const AT_ONCE = 32;

type Name = keyof ServerFrames;
interface Waiter {
  offer(frame: unknown): boolean;
  fail(reason: Error): void;
}

/** Another program that somebody is signed in with: speaks the socket's JSON, has no screen. */
export class Device {
  readonly #socket: WebSocket;
  readonly #frames: unknown[] = [];
  readonly #waiters = new Set<Waiter>();
  #closed: { code: number } | undefined;
  #requests = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: Buffer) => {
      const frame: unknown = JSON.parse(data.toString());
      this.#frames.push(frame);
      for (const waiter of this.#waiters) {
        if (waiter.offer(frame)) {
          this.#waiters.delete(waiter);
        }
      }
    });
    socket.on('close', (code: number) => {
      this.#closed = { code };
      for (const waiter of this.#waiters) {
        waiter.fail(new Error(`the socket closed with ${code}`));
      }
      this.#waiters.clear();
    });
  }

  /** Opens a socket with a session's cookies and says hello. */
  static async connect(origin: string, cookie: string): Promise<Device> {
    const address = `${origin.replace('http', 'ws')}/ws`;
    const socket = new WebSocket(address, SUBPROTOCOL, { headers: { cookie, origin } });
    const device = new Device(socket);
    await once(socket, 'open');
    device.#transmit({ hello: { resume: [] } });
    await device.#first((frame) => (frame === 'resumed' ? true : undefined));
    return device;
  }

  /** Sends one message and waits until the server has stored it. */
  async send(conversation: string, text: string): Promise<Ack> {
    return this.ask(conversation, { text: { text, reply_to: null } });
  }

  /** Asks for anything to be written and waits until the server has stored it. */
  async ask(conversation: string, intent: Intent): Promise<Ack> {
    const send_id = ulid();
    const answer = this.#first((frame) => {
      const ack = body(frame, 'ack');
      const reject = body(frame, 'reject');
      if (reject?.send_id === send_id) {
        throw new Error(`${JSON.stringify(intent)} was refused: ${reject.code}`);
      }
      return ack?.send_id === send_id ? ack : undefined;
    });
    this.#transmit({ send: { send_id, conversation, intent, after: 0, retry: false } });
    return answer;
  }

  /** Sends messages that keep the order given. */
  async sendAll(conversation: string, texts: readonly string[]): Promise<void> {
    for (let start = 0; start < texts.length; start += AT_ONCE) {
      const batch = texts.slice(start, start + AT_ONCE);
      await Promise.all(batch.map((text) => this.send(conversation, text)));
    }
  }

  /** Tells that everything up to a place was seen. */
  markRead(conversation: string, seq: number): void {
    this.#transmit({ mark_read: { conversation, seq } });
  }

  /** Tells that this device has everything up to a place. */
  received(conversation: string, seq: number): void {
    this.#transmit({ received: { conversation, seq } });
  }

  /** Arranges a conversation for this account. */
  arrange(conversation: string, change: Arrangement): void {
    this.#requests += 1;
    this.#transmit({ arrange: { request: this.#requests, conversation, change } });
  }

  /** Saves a message for this account. */
  async save(conversation: string, seq: number): Promise<void> {
    this.#requests += 1;
    const request = this.#requests;
    const answer = this.#first((frame) => {
      const saved = body(frame, 'saved');
      return saved?.request === request ? saved : undefined;
    });
    this.#transmit({ save: { request, place: { conversation, seq }, on: true } });
    await answer;
  }

  /** Sets a reminder for this account; one whose time is over comes at once. */
  async remind(conversation: string, seq: number, at: number): Promise<void> {
    this.#requests += 1;
    const request = this.#requests;
    const answer = this.#first((frame) => {
      const reminder = body(frame, 'reminder');
      return reminder?.request === request ? reminder : undefined;
    });
    this.#transmit({ remind: { request, place: { conversation, seq }, at } });
    await answer;
  }

  /** Tells that something is being written, or no longer. */
  typing(conversation: string, active: boolean): void {
    this.#transmit({ typing: { conversation, active } });
  }

  /** Reads the newest messages of a conversation, oldest first. */
  async history(conversation: string, last = 100): Promise<Message[]> {
    this.#requests += 1;
    const request = this.#requests;
    const answer = this.#first((frame) => {
      const page = body(frame, 'page');
      const refused = body(frame, 'refused');
      if (refused?.request === request) {
        throw new Error(`history was refused: ${refused.code}`);
      }
      return page?.request === request ? page.page : undefined;
    });
    this.#transmit({ fetch: { request, conversation, from: 1, to: Number.MAX_SAFE_INTEGER } });
    return (await answer).messages.slice(-last);
  }

  /** The texts of the messages in [`history`]. */
  async texts(conversation: string): Promise<string[]> {
    return (await this.history(conversation)).map(textOf).filter((text) => text !== '');
  }

  /** Everything of one kind that has come so far. */
  received<N extends Name>(name: N): ServerFrames[N][] {
    return this.#frames.flatMap((frame) => body(frame, name) ?? []);
  }

  /** The first frame of a kind that fits, whether it has come already or is still to come. */
  async until<N extends Name>(
    name: N,
    fits: (frame: ServerFrames[N]) => boolean,
  ): Promise<ServerFrames[N]> {
    const found = this.received(name).find(fits);
    if (found !== undefined) {
      return found;
    }
    return this.#first((frame) => {
      const content = body(frame, name);
      return content !== undefined && fits(content) ? content : undefined;
    });
  }

  /** The code with which the server closed the socket, once it has. */
  async closeCode(): Promise<number> {
    if (this.#closed === undefined) {
      await once(this.#socket, 'close');
    }
    return this.#closed?.code ?? 0;
  }

  async close(): Promise<void> {
    if (this.#closed === undefined) {
      const closed = once(this.#socket, 'close');
      this.#socket.close(1000);
      await closed;
    }
  }

  #transmit(frame: ClientFrame): void {
    this.#socket.send(JSON.stringify(frame));
  }

  /** The first answer that `pick` finds in a frame that is still to come. */
  #first<T>(pick: (frame: unknown) => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiters.delete(waiter);
        reject(new Error(`no such frame; the last were ${JSON.stringify(this.#frames.slice(-5))}`));
      }, ANSWER_MS);
      const fail = (reason: unknown): void => {
        clearTimeout(timer);
        reject(reason instanceof Error ? reason : new Error(String(reason)));
      };
      const waiter: Waiter = {
        fail,
        offer(frame) {
          try {
            const found = pick(frame);
            if (found === undefined) {
              return false;
            }
            clearTimeout(timer);
            resolve(found);
          } catch (error) {
            fail(error);
          }
          return true;
        },
      };
      this.#waiters.add(waiter);
    });
  }
}

function body<N extends Name>(frame: unknown, name: N): ServerFrames[N] | undefined {
  if (typeof frame !== 'object' || frame === null || !(name in frame)) {
    return undefined;
  }
  return (frame as ServerFrames)[name];
}
