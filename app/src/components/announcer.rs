//! What screen readers are told. The list of messages is no live region: it would read old
//! messages when they are loaded and everything again when a row changes. These three regions
//! exist before they speak, and say each thing once.

mod speaker;
mod withdrawn;

use std::time::Duration;

use client::{Older, Row, Status};
use leptos::prelude::*;
use protocol::{ConversationId, Mute};

use crate::components::connection_strip::sentence;
use crate::components::naming;
use crate::i18n::{Texts, fill, texts};
use crate::live::{Announcement, Live};

pub use speaker::Speaker;
use speaker::{MOST, Region};
use withdrawn::{Said, SaidHere, take_back};

const MOST_CHARS: usize = 200;
/// More messages than this within [`BURST`] are told as a number.
const BURST_MESSAGES: usize = 3;
const BURST: Duration = Duration::from_secs(1);

/// Which conversation is on screen, for whoever must know.
#[derive(Clone, Copy)]
pub struct OnScreen(pub Signal<Option<ConversationId>>);

/// The three regions.
#[component]
pub fn Announcer() -> impl IntoView {
    let t = texts();
    let log = Region::silent();
    let on_screen = use_context::<OnScreen>();
    let speaker = Speaker::current().unwrap_or_else(Speaker::provide);
    let Speaker { status, alert, .. } = speaker;
    if let Some(live) = Live::current() {
        let said = SaidHere::new(Vec::new());
        speak_messages(live, on_screen, (log, status, alert), said);
        speak_status(live, status);
        if let Some(on_screen) = on_screen {
            take_back(t, live, on_screen, log, said);
            speak_conversation(live, on_screen, speaker);
            speak_older(live, on_screen, speaker);
        }
    }
    view! {
        <div class="hidden-text" data-testid="announcer">
            <div role="log" aria-relevant="additions" aria-label=t.new_messages_region>
                {log.view()}
            </div>
            <div role="status">{status.view()}</div>
            <div role="alert">{alert.view()}</div>
        </div>
    }
}

/// A message that waits a moment, in case more follow at once.
///
/// Its number, who says what, and whether it mentions the reader.
type Waiting = StoredValue<Vec<(u64, String, String, bool)>>;

fn speak_messages(
    live: Live,
    on_screen: Option<OnScreen>,
    (log, status, alert): (Region, Region, Region),
    said: SaidHere,
) {
    let t = texts();
    let announcement = live.announcement();
    let waiting: Waiting = StoredValue::new(Vec::new());
    Effect::new(move |_| {
        let Some((number, announcement)) = announcement.get() else {
            return;
        };
        match announcement {
            Announcement::Message { conversation, row } => {
                let here =
                    on_screen.is_some_and(|here| here.0.get_untracked() == Some(conversation));
                if row.key.author == live.me() {
                    return;
                }
                let name = untrack(|| live.name(row.key.author)).unwrap_or_default();
                let mentioned = mentioned_in(live, conversation, &row);
                let mute = live.preferences(conversation).mute;
                if mute == Mute::ExceptMentions && mentioned.is_none() {
                    return;
                }
                if !here {
                    if let Some(title) = mentioned {
                        let values = [("name", name.as_str()), ("conversation", &title)];
                        status.say(fill(t.mentions().mentioned_you_in, &values));
                    }
                    return;
                }
                let text = naming::spoken_line_of(&row.content, t, MOST_CHARS);
                let key = row.key;
                said.update_value(|said| {
                    let text = text.clone();
                    said.push(Said { number, key, text });
                });
                waiting.update_value(|waiting| {
                    waiting.push((number, name, text, mentioned.is_some()))
                });
                if waiting.with_value(|waiting| waiting.len()) == 1 {
                    set_timeout(move || flush(t, waiting, log, said), BURST);
                }
            }
            Announcement::NotSent { conversation } => {
                let name = live
                    .conversation(conversation)
                    .summary
                    .with_untracked(|summary| {
                        summary
                            .as_ref()
                            .map(|summary| naming::title(summary, live.me(), t))
                    });
                let name = name.unwrap_or_default();
                alert.say(fill(t.message_failed_to, &[("name", &name)]));
            }
        }
    });
}

/// What a conversation is called, if a message of it mentions the reader.
fn mentioned_in(live: Live, conversation: ConversationId, row: &Row) -> Option<String> {
    let summary = live.conversation(conversation).summary;
    summary.with_untracked(|summary| {
        let summary = summary.as_ref()?;
        client::mentions(summary, &row.content, live.me())
            .then(|| naming::title(summary, live.me(), texts()))
    })
}

/// Says what has gathered: each message, or their number if they are many.
fn flush(t: &Texts, waiting: Waiting, log: Region, said: SaidHere) {
    let Some(mut gathered) = waiting.try_update_value(std::mem::take) else {
        return;
    };
    // What was taken back in the meantime is not said any more.
    said.with_value(|said| {
        gathered.retain(|(number, ..)| said.iter().any(|it| it.number == *number));
    });
    said.update_value(|said| {
        let surplus = said.len().saturating_sub(MOST);
        said.drain(..surplus);
    });
    let same_author = gathered.windows(2).all(|pair| match pair {
        [(_, one, ..), (_, other, ..)] => one == other,
        _ => true,
    });
    let sentences: Vec<(u64, String)> = if gathered.len() > BURST_MESSAGES {
        let count = gathered.len() as u64;
        let text = match gathered.first() {
            Some((_, name, ..)) if same_author => {
                fill(&t.count(&t.new_from, count), &[("name", name)])
            }
            _ => t.count(&t.new_count, count),
        };
        gathered
            .last()
            .map(|(n, ..)| (*n, text))
            .into_iter()
            .collect()
    } else {
        gathered
            .into_iter()
            .map(|(number, name, text, mentioned)| {
                let template = if mentioned {
                    t.mentions().mentioned_you
                } else {
                    t.announced_message
                };
                let sentence = fill(template, &[("name", &name), ("text", &text)]);
                (number, sentence)
            })
            .collect()
    };
    log.add(sentences);
}

fn speak_status(live: Live, status: Region) {
    let t = texts();
    Effect::new(move |was: Option<Status>| {
        let now = live.status().get();
        match (was, sentence(now)) {
            (_, Some(text)) => status.say(text),
            (Some(before), None) if before != now => status.say(t.online.to_owned()),
            _ => {}
        }
        now
    });
}

/// The conversation that was changed to, once.
fn speak_conversation(live: Live, on_screen: OnScreen, speaker: Speaker) {
    let t = texts();
    Effect::new(move |before: Option<Option<ConversationId>>| {
        let now = on_screen.0.get();
        if before != Some(now) {
            speaker.reading.set(None);
        }
        if let (Some(before), Some(id)) = (before, now)
            && before != now
        {
            let region = live.conversation(id).summary.with_untracked(|summary| {
                summary
                    .as_ref()
                    .map(|summary| naming::region(summary, live.me(), t))
            });
            speaker.status.say(region.unwrap_or_default());
        }
        now
    });
}

/// A conversation and the state of its older end.
type Edge = (ConversationId, Older);

/// That older messages have come. What loads by itself, to fill the screen, is not worth a word
/// and would take the place of the conversation's name.
fn speak_older(live: Live, on_screen: OnScreen, speaker: Speaker) {
    let t = texts();
    Effect::new(move |before: Option<Option<Edge>>| {
        let now = on_screen
            .0
            .get()
            .map(|id| (id, live.conversation(id).older.get()));
        if let Some(id) = loaded(before.flatten(), now)
            && speaker.reading.get_untracked() == Some(id)
        {
            speaker.status.say(t.older_loaded.to_owned());
        }
        now
    });
}

/// The conversation of which older messages have just come.
fn loaded(before: Option<Edge>, now: Option<Edge>) -> Option<ConversationId> {
    match (before?, now?) {
        (_, (_, Older::Loading | Older::Failed)) => None,
        ((was, Older::Loading), (is, _)) if was == is => Some(is),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u8) -> ConversationId {
        ConversationId::from_bytes([n; 16])
    }

    #[test]
    fn older_messages_have_come_only_where_they_were_loading() {
        for (before, now, expected) in [
            ((1, Older::Loading), (1, Older::More), Some(id(1))),
            ((1, Older::Loading), (1, Older::AtStart), Some(id(1))),
            ((1, Older::Loading), (1, Older::Failed), None),
            ((1, Older::Loading), (2, Older::More), None),
            ((1, Older::More), (1, Older::AtStart), None),
        ] {
            let edge = |(n, older)| Some((id(n), older));
            assert_eq!(
                loaded(edge(before), edge(now)),
                expected,
                "{before:?} {now:?}"
            );
        }
        assert_eq!(loaded(Some((id(1), Older::Loading)), None), None);
    }
}
