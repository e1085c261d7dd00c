//! Slow mode over the composer: how often one may write, and how long it is until the next
//! message. Counted down on the screen; said when it begins to matter and when it is over.

use std::time::Duration;

use leptos::prelude::*;
use protocol::{Role, SlowMode};

use crate::components::announcer::Speaker;
use crate::i18n::{SlowTexts, Texts, fill, texts};
use crate::live::{ConversationView, Live};

/// The id of the line over the composer, for the field and the button that it describes.
pub(super) const PACE_ID: &str = "composer-pace";

const SECOND: Duration = Duration::from_secs(1);

/// What slow mode is to the reader.
#[derive(Clone, Copy)]
pub struct Pace {
    /// How often they may write; off where they need not wait.
    slow_mode: Memo<SlowMode>,
    /// Seconds until the next message.
    left: RwSignal<u64>,
}

impl Pace {
    /// In a conversation, for all that is written there.
    #[must_use]
    pub fn new(live: Live, view: &ConversationView) -> Self {
        let (id, me, summary) = (view.id, live.me(), view.summary.clone());
        let slow_mode = Memo::new(move |_| {
            summary.with(|summary| {
                let slowed = summary.as_ref().filter(|summary| {
                    let own = summary.members.iter().find(|it| it.person.id == me);
                    let role = own.map_or(Role::Member, |own| own.role);
                    summary.slow_mode.slows(role)
                });
                slowed.map(|summary| summary.slow_mode).unwrap_or_default()
            })
        });
        let left = RwSignal::new(0);
        let pace = Self { slow_mode, left };
        let look = move || {
            let until = live.may_write_at(id);
            let now = live.server_time();
            let millis = until.map_or(0, |until| until.millis().saturating_sub(now.millis()));
            millis.div_ceil(1_000)
        };
        pace.count(view.rows.clone(), look);
        pace
    }

    /// Counts down, second by second, as long as there is something to wait for. In a browser
    /// only.
    fn count(self, rows: ArcTrigger, look: impl Fn() -> u64 + Copy + Send + Sync + 'static) {
        let ticks = RwSignal::new(0_u64);
        let speaker = Speaker::current();
        let t = texts();
        Effect::new(move |waiting: Option<Option<TimeoutHandle>>| {
            if let Some(handle) = waiting.flatten() {
                handle.clear();
            }
            ticks.track();
            rows.track();
            if self.slow_mode.get() == SlowMode::Off {
                self.left.set(0);
                return None;
            }
            let before = self.left.get_untracked();
            let left = look();
            if left != before {
                self.left.set(left);
            }
            if left == 0 {
                if before > 0
                    && let Some(speaker) = speaker
                {
                    speaker.tell(t.slow().over.to_owned());
                }
                return None;
            }
            let tick = move || ticks.try_update(|ticks| *ticks += 1);
            set_timeout_with_handle(move || _ = tick(), SECOND).ok()
        });
    }

    /// Why no message can be sent now, if that is so.
    pub(in crate::components) fn waits(self, t: &Texts) -> Option<String> {
        let left = self.left.get_untracked();
        let time = time(t, left);
        (left > 0).then(|| fill(t.slow().wait_spoken, &[("time", &time)]))
    }

    /// Whether one has to wait, tracked.
    pub(in crate::components) fn is_waiting(self) -> bool {
        self.left.get() > 0
    }

    fn line(self, t: &Texts) -> Option<String> {
        let (slow_mode, left) = (self.slow_mode.get(), self.left.get());
        line(t, t.slow(), slow_mode, left)
    }
}

fn line(t: &Texts, s: &SlowTexts, slow_mode: SlowMode, left: u64) -> Option<String> {
    match (slow_mode, left) {
        (SlowMode::Off, _) => None,
        (slow_mode, 0) => Some(fill(s.pace, &[("pace", s.named(slow_mode))])),
        (_, left) => Some(fill(s.wait, &[("time", &time(t, left))])),
    }
}

/// Seconds up to a minute and a half, then minutes.
fn time(t: &Texts, seconds: u64) -> String {
    let s = t.slow();
    if seconds <= 90 {
        t.count(&s.seconds, seconds)
    } else {
        t.count(&s.minutes, seconds.div_ceil(60))
    }
}

/// The line. It changes each second, so it is no live region.
pub(in crate::components) fn pace_line(pace: Pace, id: &'static str) -> impl IntoView {
    let t = texts();
    let text = Memo::new(move |_| pace.line(t));
    move || {
        text.get().map(|text| {
            view! {
                <p class="composer-pace" id=id data-testid="pace">
                    {text}
                </p>
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Locale;

    #[test]
    fn it_says_how_often_and_how_long_it_is_until_the_next() {
        let t = Locale::En.texts();
        let slow = SlowMode::FiveMinutes;
        for (slow_mode, left, expected) in [
            (SlowMode::Off, 0, None),
            (slow, 0, Some("Slow mode: a message every 5 minutes.")),
            (slow, 1, Some("Slow mode: you can write again in 1 second.")),
            (
                slow,
                90,
                Some("Slow mode: you can write again in 90 seconds."),
            ),
            (
                slow,
                91,
                Some("Slow mode: you can write again in 2 minutes."),
            ),
            (
                slow,
                300,
                Some("Slow mode: you can write again in 5 minutes."),
            ),
        ] {
            let line = line(t, t.slow(), slow_mode, left);
            assert_eq!(line.as_deref(), expected, "{left}");
        }
    }
}
