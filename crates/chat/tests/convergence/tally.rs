//! What has happened in schedules.

/// How often what happened that a schedule is there for.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Tally {
    pub(crate) messages: u64,
    pub(crate) cuts: u64,
    pub(crate) crashes: u64,
    pub(crate) drains: u64,
    pub(crate) client_restarts: u64,
    pub(crate) messages_lost_with_a_tab: u64,
    pub(crate) store_failures: u64,
    pub(crate) failed_commits_that_were_stored: u64,
    pub(crate) duplicates_recognised: u64,
    pub(crate) resyncs: u64,
    pub(crate) groups: u64,
    pub(crate) changes: u64,
    pub(crate) managed: u64,
    pub(crate) refused: u64,
    pub(crate) arranged: u64,
    pub(crate) folders: u64,
    pub(crate) saved: u64,
    pub(crate) windows: u64,
    pub(crate) votes: u64,
    pub(crate) dismissed: u64,
    pub(crate) shown_again: u64,
    pub(crate) cleared: u64,
    pub(crate) answers: u64,
    pub(crate) threads: u64,
    pub(crate) reminders: u64,
    pub(crate) statuses: u64,
    pub(crate) slowed: u64,
    pub(crate) accepted: u64,
}

impl Tally {
    pub(crate) fn add(&mut self, other: &Self) {
        self.messages += other.messages;
        self.cuts += other.cuts;
        self.crashes += other.crashes;
        self.drains += other.drains;
        self.client_restarts += other.client_restarts;
        self.messages_lost_with_a_tab += other.messages_lost_with_a_tab;
        self.store_failures += other.store_failures;
        self.failed_commits_that_were_stored += other.failed_commits_that_were_stored;
        self.duplicates_recognised += other.duplicates_recognised;
        self.resyncs += other.resyncs;
        self.groups += other.groups;
        self.changes += other.changes;
        self.managed += other.managed;
        self.refused += other.refused;
        self.arranged += other.arranged;
        self.folders += other.folders;
        self.saved += other.saved;
        self.windows += other.windows;
        self.votes += other.votes;
        self.dismissed += other.dismissed;
        self.shown_again += other.shown_again;
        self.cleared += other.cleared;
        self.answers += other.answers;
        self.threads += other.threads;
        self.reminders += other.reminders;
        self.statuses += other.statuses;
        self.slowed += other.slowed;
        self.accepted += other.accepted;
    }
}
