//! Every number that bounds something a client can send or hold. The form, the client core
//! and the server read the same constants.

/// Largest frame of the socket in either direction, in bytes.
pub const FRAME_BYTES: usize = 64 * 1024;
/// Longest message, in extended grapheme clusters (UAX #29).
pub const MESSAGE_GRAPHEMES: usize = 4_000;
/// Longest message in bytes of UTF-8. One grapheme may be arbitrarily long, so both count.
pub const MESSAGE_BYTES: usize = 32 * 1024;
/// Longest display name, in graphemes.
pub const DISPLAY_NAME_GRAPHEMES: usize = 64;
/// Longest display name, in bytes.
pub const DISPLAY_NAME_BYTES: usize = 512;
/// Shortest username, in characters.
pub const USERNAME_MIN: usize = 3;
/// Longest username, in characters.
pub const USERNAME_MAX: usize = 32;
/// Longest description of a group, in graphemes.
pub const DESCRIPTION_GRAPHEMES: usize = 500;
/// Longest description of a group, in bytes.
pub const DESCRIPTION_BYTES: usize = 4 * 1024;
/// Longest text about oneself, in graphemes.
pub const ABOUT_GRAPHEMES: usize = 140;
/// Longest text about oneself, in bytes.
pub const ABOUT_BYTES: usize = 1_120;
/// Longest name of a folder, in graphemes.
pub const FOLDER_NAME_GRAPHEMES: usize = 40;
/// Longest name of a folder, in bytes.
pub const FOLDER_NAME_BYTES: usize = 320;
/// Longest text of a status, in graphemes.
pub const STATUS_GRAPHEMES: usize = 80;
/// Longest text of a status, in bytes.
pub const STATUS_BYTES: usize = 640;
/// Longest emoji, in bytes: one grapheme may join several.
pub const EMOJI_BYTES: usize = 64;
/// Reactions of all people to one message together, so that it still fits into a frame.
pub const REACTIONS_PER_MESSAGE: usize = 800;
/// Different reactions to one message.
pub const REACTION_KINDS: usize = 32;
/// How often one message may be edited.
pub const EDITS_PER_MESSAGE: usize = 100;
/// Longest question of a poll, in graphemes.
pub const POLL_QUESTION_GRAPHEMES: usize = 200;
/// Longest question of a poll, in bytes.
pub const POLL_QUESTION_BYTES: usize = 1_600;
/// Longest answer of a poll, in graphemes.
pub const POLL_ANSWER_GRAPHEMES: usize = 80;
/// Longest answer of a poll, in bytes.
pub const POLL_ANSWER_BYTES: usize = 640;
/// Fewest answers of a poll.
pub const POLL_ANSWERS_MIN: usize = 2;
/// Most answers of a poll.
pub const POLL_ANSWERS_MAX: usize = 10;
/// People who vote in one poll.
pub const POLL_VOTERS: usize = 2_000;
/// Voters of a poll that are named, those who voted first; the others are counted.
pub const POLL_NAMED: usize = 200;
/// Messages pinned in one conversation.
pub const PINS: usize = 50;
/// People in one group.
pub const GROUP_MEMBERS: usize = 1_000;
/// People that one entry adds to a group.
pub const ADD_MEMBERS: usize = 100;
/// Links by which one group is joined.
pub const GROUP_INVITES: usize = 20;
/// Characters of the secret in such a link: 192 bits in base64url.
pub const INVITE_TOKEN_CHARS: usize = 32;
/// People whom one account blocks.
pub const BLOCKED: usize = 1_000;
/// Messages to somebody with whom one shares nothing, until they answer.
pub const REQUEST_MESSAGES: u8 = 5;
/// Longest note to a report, in graphemes.
pub const REPORT_NOTE_GRAPHEMES: usize = 500;
/// Longest note to a report, in bytes.
pub const REPORT_NOTE_BYTES: usize = 4 * 1024;
/// Reports of one account that nobody has dealt with yet.
pub const REPORTS: usize = 50;
/// Members that the row of the conversation list names.
pub const SUMMARY_MEMBERS: usize = 100;
/// Different names in one message that are mentions; further ones are text.
pub const MENTIONS_PER_MESSAGE: usize = 50;
/// Conversations that one message is forwarded to at once.
pub const FORWARD_TO: usize = 10;
/// Newest places of a conversation among which unread mentions are counted.
pub const MENTION_PLACES: u64 = 1_024;
/// People in a group up to whom `@all` is sent without a question.
pub const MENTION_ALL_UNASKED: u32 = 20;
/// People in a group up to whom every member may mention all of them; above, its admins may.
pub const MENTION_ALL_MEMBERS: u32 = 32;
/// Longest e-mail address, in bytes (RFC 5321, 4.5.3.1.3).
pub const EMAIL_BYTES: usize = 254;
/// Shortest password, in characters (ASVS 5.0 V6.2.1).
pub const PASSWORD_MIN_CHARS: usize = 8;
/// Longest password, in bytes; longer ones are refused before they are hashed.
pub const PASSWORD_BYTES: usize = 1024;
/// Longest search for people, in bytes.
pub const SEARCH_TERM_BYTES: usize = 128;
/// Most people that one search returns.
pub const SEARCH_RESULTS: usize = 20;

/// Milliseconds that a mute with an end lasts at most: a year.
pub const MUTE_MS: u64 = 366 * 24 * 60 * 60 * 1_000;

/// Messages that one account can have saved.
pub const SAVED_MESSAGES: usize = 5_000;
/// Saved messages that one page lists.
pub const SAVED_PAGE: usize = 20;
/// Places of saved messages that one frame names.
pub const SAVED_PER_FRAME: usize = 500;
/// Runs of consecutive places that one account can have deleted for itself in one conversation,
/// after all that it has cleared.
pub const DISMISSED_RUNS: usize = 1_000;
/// Drafts that the server keeps of one account.
pub const DRAFTS: usize = 200;
/// Longest draft that it keeps, in bytes, so that it fits into a frame however it is written.
pub const DRAFT_BYTES: usize = 24 * 1024;
/// Folders of one account.
pub const FOLDERS: usize = 50;
/// Reminders of one account.
pub const REMINDERS: usize = 100;
/// Messages of one account that wait for their time.
pub const SCHEDULED: usize = 100;
/// Milliseconds that a message waits for its time at most: a year.
pub const SCHEDULE_MS: u64 = 366 * 24 * 60 * 60 * 1_000;

/// Authors of answers that the root of a thread names.
pub const THREAD_AUTHORS: usize = 3;
/// Threads of one account that were seen beyond what was read of their conversations; of more,
/// those seen last are kept. One frame names them all.
pub const THREADS_SEEN: usize = 500;
/// Answers in one page of a thread.
pub const THREAD_PAGE: usize = 50;

/// Longest search for messages, in bytes.
pub const QUERY_BYTES: usize = 512;
/// Words of one search for messages.
pub const QUERY_WORDS: usize = 8;
/// Messages that one search returns.
pub const QUERY_RESULTS: usize = 20;

/// Most messages in one page of history.
pub const PAGE_MESSAGES: u64 = 100;
/// Messages on each side of one that is shown in its context.
pub const AROUND_MESSAGES: u64 = 40;
/// Messages in a page when the caller does not say.
pub const PAGE_DEFAULT: u64 = 50;
/// Messages that the server puts into the first HTML of a conversation.
pub const FIRST_PAINT_MESSAGES: u64 = 30;
/// Most resume points in one `Hello`; the rest of a longer list is fetched when it is opened.
pub const RESUME_POINTS: usize = 1_000;
/// Missed messages per conversation that the server replays by itself; further behind, it
/// tells the client to fetch.
pub const RESUME_REPLAY: u64 = 100;
/// Missed messages over all conversations that one resume replays.
pub const RESUME_REPLAY_TOTAL: u64 = 2_000;
/// Most conversations that one list returns.
pub const CONVERSATIONS_PAGE: usize = 500;

/// Frames that wait for one slow connection before it is told to resynchronise.
pub const CONNECTION_QUEUE: usize = 256;
/// Sends of one connection that wait for their commit at the same time.
pub const SENDS_UNDER_WAY: usize = 64;
/// Connections of one account at the same time; the oldest is closed for a further one.
pub const CONNECTIONS_PER_USER: usize = 20;
/// Sessions of one account at the same time; the oldest is revoked for a further one.
pub const SESSIONS_PER_USER: usize = 50;

/// Milliseconds without any byte from the client after which its connection is closed.
pub const CONNECTION_IDLE_MS: u64 = 75_000;
/// Milliseconds between two pings of the server.
pub const HEARTBEAT_MS: u64 = 30_000;
/// Milliseconds that a fresh connection has to say `Hello`.
pub const HELLO_MS: u64 = 5_000;
/// Milliseconds after which an echo without an ack is shown as not sent.
pub const SEND_TIMEOUT_MS: u64 = 10_000;
/// Milliseconds between two typing frames of one composer.
pub const TYPING_INTERVAL_MS: u64 = 5_000;
/// Milliseconds of silence after which somebody no longer types.
pub const TYPING_EXPIRES_MS: u64 = 6_000;
/// Milliseconds without a sign of life of whoever sits at a device until it says so.
pub const AWAY_MS: u64 = 5 * 60 * 1_000;
