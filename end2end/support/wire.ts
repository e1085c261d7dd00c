/** The JSON codec of the socket, as `crates/protocol` describes it. */

export interface Person {
  id: string;
  username: string;
  display_name: string;
}

export interface Message {
  conversation: string;
  seq: number;
  author: string;
  send_id: string;
  sent_at: number;
  content: { text: string } | 'unavailable';
}

export interface Summary {
  id: string;
  kind: 'direct' | 'notes' | 'group';
  members: { person: Person; role: string }[];
  last_seq: number;
  last_message: Message | null;
  read_seq: number;
  unread: number;
}

export interface Ack {
  send_id: string;
  conversation: string;
  seq: number;
  sent_at: number;
}

export interface Page {
  conversation: string;
  messages: Message[];
  last_seq: number;
}

export type ClientFrame =
  | { hello: { resume: { conversation: string; seq: number }[] } }
  | {
      send: {
        send_id: string;
        conversation: string;
        text: string;
        after: number;
        retry: boolean;
      };
    }
  | { mark_read: { conversation: string; seq: number } }
  | { typing: { conversation: string; active: boolean } }
  | { fetch: { request: number; conversation: string; from: number; to: number } };

/** Each frame is an object with one key, its name. */
export interface ServerFrames {
  welcome: { me: Person; session: string; now: number };
  event: { message: Message };
  ack: Ack;
  reject: { send_id: string; code: string };
  page: { request: number; page: Page };
  refused: { request: number; code: string };
  behind: { conversation: string; last_seq: number };
  conversation: { summary: Summary };
  read: { conversation: string; seq: number; unread: number };
  typing: { conversation: string; user: string; active: boolean };
  presence: { user: string; presence: 'online' | { offline: { since: number | null } } };
}

/** Subprotocol that negotiates this codec. */
export const SUBPROTOCOL = 'baatcheet.v1+json';

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A fresh identifier of a message: milliseconds, then randomness, in base 32. */
export function ulid(): string {
  let time = Date.now();
  let head = '';
  for (let place = 0; place < 10; place += 1) {
    head = CROCKFORD.charAt(time % 32) + head;
    time = Math.floor(time / 32);
  }
  const random = crypto.getRandomValues(new Uint8Array(16));
  return head + Array.from(random, (byte) => CROCKFORD.charAt(byte % 32)).join('');
}

/** The text of a message. */
export function textOf(message: Message): string {
  return typeof message.content === 'string' ? '' : message.content.text;
}
