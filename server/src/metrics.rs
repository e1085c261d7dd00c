//! Counters of the server itself, and the text of `/metrics` (Prometheus exposition format).

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// A counter that only grows.
#[derive(Debug, Default)]
pub(crate) struct Counter(AtomicU64);

impl Counter {
    pub(crate) fn add_one(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// What the server counts beside `chat::Metrics`.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    /// Answers by the first digit of their status.
    responses: [Counter; 5],
    /// TCP connections accepted.
    pub(crate) accepted: Counter,
    /// TCP connections closed because their address had too many.
    pub(crate) connections_refused: Counter,
    /// Times that accepting failed, for want of file descriptors mostly.
    pub(crate) accept_failures: Counter,
    /// WebSockets opened.
    pub(crate) sockets_opened: Counter,
    /// Upgrades refused.
    pub(crate) sockets_refused: Counter,
    /// Frames that were delayed because a client sent too fast.
    pub(crate) frames_delayed: Counter,
    /// Handlers that panicked.
    pub(crate) panics: Counter,
    /// Sockets closed, by code.
    closed: Mutex<BTreeMap<u16, u64>>,
}

impl Counters {
    pub(crate) fn response(&self, status: u16) {
        let class = usize::from(status / 100).saturating_sub(1);
        if let Some(counter) = self.responses.get(class) {
            counter.add_one();
        }
    }

    pub(crate) fn socket_closed(&self, code: u16) {
        let mut closed = self.closed.lock().unwrap_or_else(PoisonError::into_inner);
        *closed.entry(code).or_default() += 1;
    }

    /// The whole text.
    pub(crate) fn render(&self, chat: &chat::Metrics) -> String {
        let mut text = Exposition::default();
        self.render_own(&mut text);
        render_chat(chat, &mut text);
        text.0
    }

    fn render_own(&self, text: &mut Exposition) {
        text.head(
            "http_responses_total",
            "counter",
            "Answers by class of status.",
        );
        for (class, counter) in (1..).zip(&self.responses) {
            let label = format!("{{class=\"{class}xx\"}}");
            text.value("http_responses_total", &label, counter.get());
        }
        for (name, help, counter) in [
            (
                "tcp_accepted_total",
                "TCP connections accepted.",
                &self.accepted,
            ),
            (
                "tcp_refused_total",
                "TCP connections closed because their address had too many.",
                &self.connections_refused,
            ),
            (
                "tcp_accept_failures_total",
                "Times that accepting a connection failed.",
                &self.accept_failures,
            ),
            (
                "sockets_opened_total",
                "WebSockets opened.",
                &self.sockets_opened,
            ),
            (
                "sockets_refused_total",
                "WebSocket upgrades refused.",
                &self.sockets_refused,
            ),
            (
                "frames_delayed_total",
                "Frames delayed because a client sent too fast.",
                &self.frames_delayed,
            ),
            ("panics_total", "Handlers that panicked.", &self.panics),
        ] {
            text.counter(name, help, counter.get());
        }
        text.head(
            "sockets_closed_total",
            "counter",
            "WebSockets closed, by close code.",
        );
        let closed = self.closed.lock().unwrap_or_else(PoisonError::into_inner);
        for (code, count) in closed.iter() {
            text.value(
                "sockets_closed_total",
                &format!("{{code=\"{code}\"}}"),
                *count,
            );
        }
    }
}

fn render_chat(chat: &chat::Metrics, text: &mut Exposition) {
    for (name, help, value) in [
        ("connections", "Open connections.", chat.connections),
        (
            "page_cache_bytes",
            "Bytes in the page cache.",
            chat.page_cache_bytes,
        ),
        (
            "index_waiting",
            "Conversations of which something is to be indexed for searches.",
            chat.index_waiting,
        ),
        (
            "loaded_conversations",
            "Conversations in memory.",
            chat.loaded_conversations,
        ),
    ] {
        text.gauge(name, help, value);
    }
    for (name, help, value) in totals(chat).into_iter().chain(index_totals(chat)) {
        text.counter(name, help, value);
    }
}

/// The product's counters: name, help, value.
const fn totals(chat: &chat::Metrics) -> [(&'static str, &'static str, u64); 13] {
    [
        (
            "messages_committed_total",
            "Messages committed.",
            chat.messages_committed,
        ),
        (
            "messages_unavailable_total",
            "Stored messages that could not be read, each time they were met.",
            chat.messages_unavailable,
        ),
        (
            "conversations_unreadable_total",
            "Conversations left out because they could not be read, each time they were met.",
            chat.conversations_unreadable,
        ),
        (
            "commits_total",
            "Transactions of messages committed.",
            chat.commits,
        ),
        (
            "commits_failed_total",
            "Transactions of messages that failed.",
            chat.commits_failed,
        ),
        (
            "duplicates_recognised_total",
            "Retries recognised as already stored.",
            chat.duplicates_recognised,
        ),
        (
            "frames_delivered_total",
            "Frames handed to connections.",
            chat.frames_delivered,
        ),
        (
            "resyncs_total",
            "Connections told to resynchronise.",
            chat.resyncs,
        ),
        (
            "page_cache_hits_total",
            "Page cache hits.",
            chat.page_cache_hits,
        ),
        (
            "page_cache_misses_total",
            "Page cache misses.",
            chat.page_cache_misses,
        ),
        ("sign_ins_total", "Sign-ins that succeeded.", chat.sign_ins),
        (
            "sign_ins_refused_total",
            "Sign-ins that were refused.",
            chat.sign_ins_refused,
        ),
        (
            "rate_limited_total",
            "Requests refused by a rate limit.",
            chat.rate_limited,
        ),
    ]
}

/// The counters of the search index, likewise.
const fn index_totals(chat: &chat::Metrics) -> [(&'static str, &'static str, u64); 2] {
    [
        (
            "index_entries_total",
            "Entries that the index has followed; it lags by those committed beyond them.",
            chat.index_entries,
        ),
        (
            "index_failures_total",
            "Steps of the indexer that failed.",
            chat.index_failures,
        ),
    ]
}

#[derive(Default)]
struct Exposition(String);

impl Exposition {
    fn head(&mut self, name: &str, kind: &str, help: &str) {
        // Writing to a String does not fail.
        let _ = writeln!(self.0, "# HELP baatcheet_{name} {help}");
        let _ = writeln!(self.0, "# TYPE baatcheet_{name} {kind}");
    }

    fn value(&mut self, name: &str, labels: &str, value: u64) {
        let _ = writeln!(self.0, "baatcheet_{name}{labels} {value}");
    }

    fn counter(&mut self, name: &str, help: &str, value: u64) {
        self.head(name, "counter", help);
        self.value(name, "", value);
    }

    fn gauge(&mut self, name: &str, help: &str, value: u64) {
        self.head(name, "gauge", help);
        self.value(name, "", value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sample_has_a_type_and_a_help_line() {
        let counters = Counters::default();
        counters.response(204);
        counters.response(999);
        counters.socket_closed(1008);
        let text = counters.render(&chat::Metrics {
            messages_committed: 7,
            ..chat::Metrics::default()
        });
        assert!(text.contains("baatcheet_http_responses_total{class=\"2xx\"} 1\n"));
        assert!(text.contains("baatcheet_sockets_closed_total{code=\"1008\"} 1\n"));
        assert!(text.contains("baatcheet_messages_committed_total 7\n"));
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let name = line.split(['{', ' ']).next().unwrap_or_default();
            assert!(text.contains(&format!("# TYPE {name} ")), "{line}");
            assert!(text.contains(&format!("# HELP {name} ")), "{line}");
        }
    }
}
