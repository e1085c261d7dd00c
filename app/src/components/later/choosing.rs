//! Choosing when a message is to be sent: the button beside Send, and what it opens.

use leptos::html::{Dialog, Input};
use leptos::prelude::*;
use leptos::task::spawn_local;
use protocol::{ErrorCode, SendId, Timestamp};

use super::Later;
use super::field::{TimeField, chosen};
use super::suggested::Suggested;
use super::times::{Suggestion, suggested_now, suggestions};
use crate::api::ApiError;
use crate::api::scheduled::{schedule, unschedule};
use crate::components::actions::Actions;
use crate::components::composer::everybody::{Everybody, ask_everybody};
use crate::components::composer::{Mode, Writing};
use crate::components::spoken::Spoken;
use crate::i18n::{Locale, Texts, fill, locale, texts};
use crate::live::{fresh_send_id, time_now};
use crate::pages::system::explain;
use crate::ui::{Glyph, Icon, Mounted, TimeStyle, ask};

const TITLE_ID: &str = "later-title";
const HINT_ID: &str = "later-hint";
const FIELD_ID: &str = "later-time";

/// What is being chosen.
#[derive(Clone, Copy)]
pub struct Choosing {
    actions: Actions,
    dialog: NodeRef<Dialog>,
    field: NodeRef<Input>,
    suggested: RwSignal<Vec<(Suggestion, Timestamp)>>,
    problem: RwSignal<Option<String>>,
    busy: RwSignal<bool>,
    /// The text of the last attempt and its id: an answer that was lost does not make two of it.
    attempt: StoredValue<Option<(String, SendId)>>,
    later: Option<Later>,
    spoken: Spoken,
    everybody: Everybody,
    // Whatever answers an event has no context to ask for them.
    t: &'static Texts,
    locale: RwSignal<Locale>,
}

impl Choosing {
    /// For a composer.
    #[must_use]
    pub fn new(actions: Actions) -> Self {
        Self {
            actions,
            dialog: NodeRef::new(),
            field: NodeRef::new(),
            suggested: RwSignal::new(Vec::new()),
            problem: RwSignal::new(None),
            busy: RwSignal::new(false),
            attempt: StoredValue::new(None),
            later: Later::current(),
            spoken: Spoken::current(),
            everybody: Everybody::new(actions.live, actions.id),
            t: texts(),
            locale: locale(),
        }
    }

    fn writing(self) -> Writing {
        self.actions.writing
    }

    /// Asks when, if there is something to send, and nothing to say about it first.
    fn open(self) {
        let writing = self.writing();
        if writing.message().is_some() {
            self.everybody.send_written(writing, || self.show());
        }
    }

    fn show(self) {
        self.problem.set(None);
        self.suggested.set(suggested_now(suggestions, time_now()));
        ask(self.dialog);
    }

    fn close(self) {
        if let Some(dialog) = self.dialog.try_get_untracked().flatten() {
            dialog.close();
        }
    }

    /// Whether the reader has closed it, and is still where it was.
    fn is_closed(self) -> bool {
        let dialog = self.dialog.try_get_untracked().flatten();
        dialog.is_some_and(|dialog| !dialog.open())
    }

    fn choose_field(self) {
        match chosen(self.field, self.t.later()) {
            Ok(due) => self.choose(due),
            Err(problem) => self.problem.set(Some(problem.to_owned())),
        }
    }

    /// Hands the message to the server. Until that has it, it stays in the composer, which does
    /// not send it meanwhile. Whoever closes the dialog before has thought better of it.
    fn choose(self, due: Timestamp) {
        if self.busy.get_untracked() {
            return;
        }
        let writing = self.writing();
        let Some((typed, body)) = writing.message() else {
            self.close();
            return;
        };
        let body = body.as_str().to_owned();
        let id = self.id_for(&body);
        let mode = writing.mode.get_untracked();
        let conversation = self.actions.view().id;
        let style = TimeStyle::DateAndClock;
        let time = style.in_browser(due, self.locale.get_untracked());
        let t = self.t;
        let done = fill(t.later().scheduled, &[("time", &time)]);
        self.busy.set(true);
        self.problem.set(None);
        writing.hold(true);
        spawn_local(async move {
            let answer = schedule(id, conversation, body, mode.reply_to(), due).await;
            let is_withdrawn = answer.is_ok() && self.is_closed() && unschedule(id).await.is_ok();
            // The composer may be gone; the message is not.
            self.busy.try_set(false);
            writing.hold(false);
            match answer {
                Ok(()) => {
                    self.attempt.try_set_value(None);
                    if !is_withdrawn {
                        writing.scheduled(&typed, mode);
                        self.spoken.tell(&done);
                        self.close();
                    }
                }
                Err(error) => {
                    self.problem.try_set(Some(problem(t, &error)));
                }
            }
            if let Some(later) = self.later {
                later.load();
            }
        });
    }

    fn id_for(self, text: &str) -> SendId {
        let again = self.attempt.with_value(|attempt| match attempt {
            Some((before, id)) if before == text => Some(*id),
            _ => None,
        });
        let id = again.unwrap_or_else(fresh_send_id);
        self.attempt.set_value(Some((text.to_owned(), id)));
        id
    }
}

/// What is said when a message could not be scheduled.
fn problem(t: &Texts, error: &ApiError) -> String {
    let l = t.later();
    if error.unreachable {
        return l.offline.to_owned();
    }
    match error.code {
        ErrorCode::TimeOutOfRange => l.out_of_range.to_owned(),
        _ => fill(l.failed, &[("reason", &explain(t, error))]),
    }
}

/// The button. An edit is made at once or not at all.
#[component]
pub fn LaterButton(
    /// What it opens.
    choosing: Choosing,
    /// Whether there is nothing that could be sent.
    blocked: Signal<bool>,
    /// What stands in the way, where it is said.
    described_by: &'static str,
) -> impl IntoView {
    let l = texts().later();
    let mounted = use_context::<Mounted>();
    let writing = choosing.writing();
    move || {
        (!matches!(writing.mode.get(), Mode::Edit(_))).then(|| {
            view! {
                <button
                    type="button"
                    class="icon-button later-button"
                    disabled=move || !mounted.is_some_and(|mounted| mounted.0.get())
                    aria-label=l.schedule
                    title=l.schedule
                    aria-haspopup="dialog"
                    aria-disabled=move || blocked.get().to_string()
                    aria-describedby=described_by
                    on:click=move |_| {
                        if !blocked.get_untracked() {
                            choosing.open();
                        }
                    }
                >
                    <Icon glyph=Glyph::Clock />
                </button>
            }
        })
    }
}

/// What it opens.
#[component]
pub fn LaterDialog(
    /// What is being chosen.
    choosing: Choosing,
) -> impl IntoView {
    let t = texts();
    let l = t.later();
    let busy = choosing.busy;
    view! {
        {ask_everybody(choosing.everybody, "everybody-later", move || choosing.show())}
        <dialog
            node_ref=choosing.dialog
            class="dialog later-dialog"
            data-testid="later-dialog"
            aria-labelledby=TITLE_ID
            aria-describedby=HINT_ID
        >
            <h2 id=TITLE_ID>{l.when}</h2>
            <p id=HINT_ID class="form-hint">
                {l.when_hint}
            </p>
            <Suggested times=choosing.suggested.into() choose=move |at| choosing.choose(at) />
            <form
                novalidate
                on:submit=move |event| {
                    event.prevent_default();
                    choosing.choose_field();
                }
            >
                <TimeField
                    id=FIELD_ID
                    node=choosing.field
                    at=Signal::stored(None)
                    label=l.other_time
                />
                <p class="form-error" role="alert">
                    {move || choosing.problem.get()}
                </p>
                <div class="dialog-buttons">
                    <button
                        type="button"
                        class="btn btn-quiet"
                        on:click=move |_| choosing.close()
                    >
                        {t.cancel}
                    </button>
                    <button
                        type="submit"
                        class="btn btn-primary"
                        aria-busy=move || busy.get().to_string()
                    >
                        {move || if busy.get() { l.scheduling } else { l.set }}
                    </button>
                </div>
            </form>
        </dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_says_what_is_to_be_done() {
        let t = Locale::En.texts();
        let l = t.later();
        let offline = ApiError {
            unreachable: true,
            ..ApiError::new(ErrorCode::Internal)
        };
        assert_eq!(problem(t, &offline), l.offline);
        let past = ApiError::new(ErrorCode::TimeOutOfRange);
        assert_eq!(problem(t, &past), l.out_of_range);
        let many = problem(t, &ApiError::new(ErrorCode::TooMany));
        assert!(many.starts_with("It was not scheduled."), "{many}");
    }
}
