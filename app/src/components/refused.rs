//! Changes of messages and of groups that the server refused, or has not answered for.

use client::{Delivery, Waiting};
use leptos::prelude::*;
use protocol::{ErrorCode, Intent, SendId};

use crate::components::actions::Actions;
use crate::components::asked::{is_of_group, progress};
use crate::components::notice::Teller;
use crate::components::spoken::Spoken;
use crate::i18n::{Texts, fill, texts};
use crate::live::{Live, Refusal};
use crate::ui::{Glyph, Icon, IconSize};

/// What happened to a change of a message, in words.
fn sentence(t: &Texts, intent: &Intent, code: Option<ErrorCode>) -> Option<String> {
    let a = t.actions();
    let template = match intent {
        Intent::Edit { .. } => a.not_edited,
        Intent::Delete { .. } => a.not_deleted,
        Intent::React { .. } => a.not_reacted,
        Intent::Pin { .. } => a.not_pinned,
        Intent::Vote { .. } => t.polls().not_counted,
        Intent::ClosePoll { .. } => t.polls().not_closed,
        _ => return None,
    };
    let reason = code.map_or(a.no_answer, |code| t.error(code));
    Some(fill(template, &[("reason", reason)]))
}

/// The same of what was asked of a group.
fn sentence_of_group(live: Live, waiting: &Waiting) -> Option<String> {
    if !is_of_group(&waiting.intent) {
        return None;
    }
    let t = texts();
    let teller = Teller {
        t,
        me: live.me(),
        name_of: &|user| live.name(user),
    };
    let (state, _) = progress(t, waiting);
    Some(format!("{} · {state}", teller.intent(&waiting.intent)))
}

/// Whether it is not worth keeping once it is told: it is done again as easily.
const fn is_trifle(intent: &Intent) -> bool {
    matches!(
        intent,
        Intent::React { .. } | Intent::Pin { .. } | Intent::Vote { .. } | Intent::ClosePoll { .. }
    )
}

/// Whether there is nothing left that it could change.
fn is_moot(live: Live, waiting: &Waiting) -> bool {
    let is_message = waiting.intent.message().is_some();
    let summary = live.conversation(waiting.conversation).summary;
    !is_message && summary.with_untracked(Option::is_none)
}

fn code(waiting: &Waiting) -> Option<Option<ErrorCode>> {
    match waiting.delivery {
        Delivery::Failed { code } => Some(code),
        Delivery::Sending | Delivery::Sent | Delivery::Delivered | Delivery::Read => None,
    }
}

/// Tells of reactions and pins that were refused, wherever, and puts them aside; and with them
/// whatever was to be changed in a conversation that the account is not in any more.
pub fn tell_trifles(live: Live, spoken: Spoken) {
    let failures = live.failures();
    Effect::new(move |_| {
        let trifles: Vec<Waiting> = failures.with(|failures| {
            let failures = failures.iter();
            failures
                .filter(|waiting| is_trifle(&waiting.intent) || is_moot(live, waiting))
                .cloned()
                .collect()
        });
        for waiting in trifles {
            let of_message = sentence(texts(), &waiting.intent, code(&waiting).flatten());
            let text = of_message.or_else(|| untrack(|| sentence_of_group(live, &waiting)));
            if let Some(text) = text {
                spoken.warn(&text);
            }
            live.discard(waiting.send_id);
        }
    });
}

/// Says why a message could not be saved.
pub fn tell_not_saved(live: Live, spoken: Spoken) {
    let refused = live.not_saved();
    Effect::new(move |_| {
        if let Some(Refusal { code, .. }) = refused.get() {
            let t = texts();
            let s = t.saved();
            let text = match code {
                ErrorCode::TooMany => s.full.to_owned(),
                code => fill(s.not_saved, &[("reason", t.error(code))]),
            };
            spoken.warn(&text);
        }
    });
}

/// Says why something could not be deleted for the reader.
pub fn tell_not_dismissed(live: Live, spoken: Spoken) {
    let refused = live.not_dismissed();
    Effect::new(move |_| {
        if let Some(Refusal { code, .. }) = refused.get() {
            let t = texts();
            let d = t.dismissing();
            let text = match code {
                ErrorCode::TooMany => d.full.to_owned(),
                code => fill(d.not_deleted, &[("reason", t.error(code))]),
            };
            spoken.warn(&text);
        }
    });
}

/// One of them.
#[derive(Clone, PartialEq)]
struct Refused {
    send_id: SendId,
    text: String,
    /// The details of a group show it too.
    of_group: bool,
}

/// Whatever did not get through and is not done again as easily, with two ways on.
#[component]
pub fn RefusedChanges(
    /// What is being done.
    actions: Actions,
) -> impl IntoView {
    let (t, spoken) = (texts(), actions.spoken);
    let waiting = actions.view().waiting;
    let refused = Memo::new(move |_| {
        waiting.with(|waiting| {
            let told = waiting.iter().filter_map(|waiting| {
                let code = code(waiting)?;
                let of_message = sentence(t, &waiting.intent, code);
                let text = of_message.or_else(|| sentence_of_group(actions.live, waiting))?;
                (!is_trifle(&waiting.intent)).then_some(Refused {
                    send_id: waiting.send_id,
                    text,
                    of_group: is_of_group(&waiting.intent),
                })
            });
            told.collect::<Vec<_>>()
        })
    });
    Effect::new(move |before: Option<Vec<Refused>>| {
        let now = refused.get();
        let new = now
            .iter()
            .find(|it| before.as_ref().is_none_or(|before| !before.contains(it)));
        if let Some(Refused { text, .. }) = new {
            spoken.alert(text);
        }
        now
    });
    view! {
        <For
            each=move || refused.get()
            key=|it| (it.send_id, it.text.clone())
            let(Refused { send_id, text, of_group })
        >
            <div
                class=if of_group { "failed refused refused-of-group" } else { "failed refused" }
                data-testid="refused"
            >
                <Icon glyph=Glyph::Alert size=IconSize::Small />
                <span>{text}</span>
                <button
                    type="button"
                    class="link-button"
                    on:click=move |_| {
                        actions.scroller.focus();
                        actions.live.retry(send_id);
                    }
                >
                    {t.retry}
                </button>
                <button
                    type="button"
                    class="link-button"
                    on:click=move |_| {
                        actions.scroller.focus();
                        actions.live.discard(send_id);
                    }
                >
                    {t.actions().discard}
                </button>
            </div>
        </For>
    }
}

#[cfg(test)]
mod tests {
    use protocol::Seq;

    use super::*;
    use crate::i18n::Locale;

    #[test]
    fn each_change_of_a_message_is_told_in_its_own_words() {
        let t = Locale::En.texts();
        let target = Seq(3);
        let edit = Intent::Edit {
            target,
            text: "chai".to_owned(),
        };
        let react = Intent::React {
            target,
            emoji: "👍".to_owned(),
            on: true,
        };
        let forbidden = Some(ErrorCode::Forbidden);
        for (intent, code, expected, trifle) in [
            (
                edit,
                forbidden,
                "The edit was not saved: You are not allowed to do that.",
                false,
            ),
            (
                Intent::Delete { target },
                None,
                "The message was not deleted: The server has not answered.",
                false,
            ),
            (
                react,
                Some(ErrorCode::TooMany),
                "The reaction was not saved: There are as many already as can be.",
                true,
            ),
            (
                Intent::Pin { target, on: true },
                forbidden,
                "The pin was not changed: You are not allowed to do that.",
                true,
            ),
        ] {
            assert_eq!(sentence(t, &intent, code).as_deref(), Some(expected));
            assert_eq!(is_trifle(&intent), trifle);
        }
        assert_eq!(sentence(t, &Intent::Leave, None), None);
    }
}
