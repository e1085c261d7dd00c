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
  content: Content;
  marks: Marks;
}

export type Content =
  | 'unavailable'
  | 'deleted'
  | { text: { body: string; reply_to: number | null } }
  | { poll: { question: string; tally: number[]; voters: number } }
  | { change: { target: number; kind: unknown } }
  | { notice: Record<string, unknown> };

export interface Marks {
  version: number;
  edited_at: number | null;
  pinned: boolean;
  reactions: { emoji: string; users: string[] }[];
}

export type Role = 'member' | 'admin' | 'owner';

export interface GroupSettings {
  announcements_only: boolean;
  history_for_new: boolean;
}

export type SlowMode = 'off' | 'ten_seconds' | 'minute' | 'five_minutes' | 'hour';

/** What is to be written. */
export type Intent =
  | 'leave'
  | { text: { text: string; reply_to: number | null } }
  | { edit: { target: number; text: string } }
  | { delete: { target: number } }
  | { react: { target: number; emoji: string; on: boolean } }
  | { pin: { target: number; on: boolean } }
  | { rename: { title: string } }
  | { describe: { description: string } }
  | { configure: { settings: GroupSettings } }
  | { add: { users: string[] } }
  | { remove: { user: string } }
  | { set_role: { user: string; role: Role } }
  | {
      poll: {
        question: string;
        answers: string[];
        several: boolean;
        anonymous: boolean;
        lifetime: 'hour' | 'day' | 'week' | 'forever';
      };
    }
  | { vote: { target: number; choices: number } }
  | { close_poll: { target: number } }
  | { slow_mode: { slow_mode: SlowMode } }
  | { set_lifespan: { lifespan: 'hour' | 'day' | 'week' | 'quarter' | null } };

export interface Preferences {
  mute: 'off' | 'always' | 'except_mentions' | { until: number };
  archived: number | null;
  favourite: boolean;
  marked_unread: boolean;
  folder: string | null;
}

/** A change of one of them. */
export type Arrangement =
  | { mute: Preferences['mute'] }
  | { archive: number | null }
  | { favourite: boolean }
  | { mark_unread: boolean }
  | { folder: string | null };

export interface Summary {
  id: string;
  kind: 'direct' | 'notes' | 'group';
  title: string | null;
  description: string | null;
  settings: GroupSettings;
  members: { person: Person; role: Role; read_seq: number; delivered_seq: number }[];
  member_count: number;
  pins: number[];
  last_seq: number;
  last_message: Message | null;
  read_seq: number;
  unread: number;
  preferences: Preferences;
  mentions: number;
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
        intent: Intent;
        after: number;
        retry: boolean;
      };
    }
  | { mark_read: { conversation: string; seq: number } }
  | { received: { conversation: string; seq: number } }
  | { typing: { conversation: string; active: boolean } }
  | { arrange: { request: number; conversation: string; change: Arrangement } }
  | { save: { request: number; place: { conversation: string; seq: number }; on: boolean } }
  | { remind: { request: number; place: { conversation: string; seq: number }; at: number } }
  | { dismiss: { request: number; place: { conversation: string; seq: number }; dismissal: Dismissal } }
  | { fetch: { request: number; conversation: string; from: number; to: number } };

/** What is to become of a place for the account alone. */
export type Dismissal = 'this' | 'this_and_before' | 'show';

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
  read: { conversation: string; seq: number; unread: number; mentions: number };
  typing: { conversation: string; user: string; active: boolean };
  presence: { user: string; presence: 'online' | { offline: { since: number | null } } };
  seen: { conversation: string; user: string; seq: number };
  gone: { conversation: string };
  reminder: { request: number | null };
  saved: { request: number | null; place: { conversation: string; seq: number }; on: boolean };
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

/** The text of a message; nothing of what has none. */
export function textOf({ content }: Message): string {
  return typeof content === 'object' && 'text' in content ? content.text.body : '';
}
