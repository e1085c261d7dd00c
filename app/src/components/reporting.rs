//! Reporting people and messages to those who run the server: the dialog, and the thanks with
//! the way to a block.

mod progress;

use leptos::html::{Button, Textarea};
use leptos::prelude::*;
use leptos::task::spawn_local;
use protocol::{ErrorCode, ReportReason, Reported, UserId};

use crate::api::ApiError;
use crate::api::reports::{report_message, report_person};
use crate::components::Blocking;
use crate::components::returning::ReturningDialog;
use crate::i18n::{Texts, fill, texts};
use crate::pages::system::explain;
use crate::ui::Choice;
use progress::{Progress, Stage};

const TITLE_ID: &str = "report-title";
const HINT_ID: &str = "report-hint";
const REASON_ID: &str = "report-reason";
const NOTE_ID: &str = "report-note";
const NOTE_HINT_ID: &str = "report-note-hint";
const THANKS_ID: &str = "report-thanks";

/// What is to be reported.
#[derive(Clone)]
struct Asked {
    about: Reported,
    user: UserId,
    name: String,
}

/// What is being reported, in the context of the signed-in pages.
#[derive(Clone, Copy)]
pub struct Reporting {
    t: &'static Texts,
    asked: RwSignal<Option<Asked>>,
    progress: RwSignal<Progress>,
    problem: RwSignal<Option<String>>,
    reason: RwSignal<ReportReason>,
    note: NodeRef<Textarea>,
    dialog: ReturningDialog,
}

impl Reporting {
    /// Puts it into the context.
    pub fn provide() -> Self {
        let reporting = Self {
            t: texts(),
            asked: RwSignal::new(None),
            progress: RwSignal::new(Progress::default()),
            problem: RwSignal::new(None),
            reason: RwSignal::new(ReportReason::Spam),
            note: NodeRef::new(),
            dialog: ReturningDialog::new(),
        };
        provide_context(reporting);
        reporting
    }

    /// From the context.
    #[must_use]
    pub fn current() -> Option<Self> {
        use_context()
    }

    /// Asks why somebody, or a message of theirs, is reported. What asks may be gone by the time the
    /// dialog closes; `back` puts the focus in its place.
    pub fn ask(
        self,
        (about, user): (Reported, UserId),
        name: String,
        back: impl Fn() + Send + Sync + 'static,
    ) {
        self.progress.update(Progress::begin);
        self.problem.set(None);
        self.reason.set(ReportReason::Spam);
        self.asked.set(Some(Asked { about, user, name }));
        self.dialog.open(back);
    }

    fn closed(self) {
        self.progress.update(Progress::close);
        self.asked.set(None);
        self.dialog.closed();
    }

    fn name(self) -> String {
        let name = self
            .asked
            .with(|asked| asked.as_ref().map(|it| it.name.clone()));
        name.unwrap_or_default()
    }

    fn title(self) -> String {
        let r = self.t.requests();
        let is_person = self.asked.with(|asked| {
            let is_person = |it: &Asked| matches!(it.about, Reported::Person(_));
            asked.as_ref().is_none_or(is_person)
        });
        let title = if is_person {
            r.report_name
        } else {
            r.report_message
        };
        fill(title, &[("name", &self.name())])
    }

    fn send(self) {
        let Some(Asked { about, .. }) = self.asked.get_untracked() else {
            return;
        };
        let Some(number) = self.progress.try_update(Progress::send).flatten() else {
            return;
        };
        let note = self.note.get_untracked().map(|field| field.value());
        let (reason, note) = (self.reason.get_untracked(), note.unwrap_or_default());
        self.problem.set(None);
        spawn_local(async move {
            let sent = match about {
                Reported::Person(user) => report_person(user, reason, note).await,
                Reported::Message(place) => {
                    report_message(place.conversation, place.seq, reason, note).await
                }
            };
            // The page may be gone by now.
            let answered = |it: &mut Progress| it.answered(number, sent.is_ok());
            let is_it = self.progress.try_update(answered).unwrap_or_default();
            if let Err(error) = sent
                && is_it
            {
                self.problem.set(Some(not_sent(self.t, &error)));
            }
        });
    }

    fn block(self, blocking: Blocking) {
        let asked = self.asked.get_untracked();
        self.dialog.close();
        if let Some(Asked { user, name, .. }) = asked {
            blocking.ask(user, name);
        }
    }
}

/// Why a report was not sent.
fn not_sent(t: &Texts, error: &ApiError) -> String {
    let r = t.requests();
    match error.code {
        ErrorCode::TooMany => r.full.to_owned(),
        _ => fill(r.failed, &[("reason", &explain(t, error))]),
    }
}

/// The dialog of the signed-in pages.
#[component]
pub fn ReportDialog(
    /// What is being reported.
    reporting: Reporting,
) -> impl IntoView {
    let r = texts().requests();
    let is_sent = Memo::new(move |_| reporting.progress.get().stage() == Stage::Sent);
    // What was written of one is not kept for the next.
    let is_open = Memo::new(move |_| reporting.asked.with(Option::is_some));
    let hint = move || fill(r.report_hint, &[("name", &reporting.name())]);
    view! {
        <dialog
            node_ref=reporting.dialog.node
            class="dialog"
            data-testid="report-dialog"
            aria-labelledby=TITLE_ID
            on:close=move |_| reporting.closed()
        >
            <h2 id=TITLE_ID>{move || reporting.title()}</h2>
            {move || {
                is_open
                    .get()
                    .then(|| {
                        if is_sent.get() {
                            view! { <Thanks reporting /> }.into_any()
                        } else {
                            view! {
                                <p id=HINT_ID class="form-hint">
                                    {hint}
                                </p>
                                <Form reporting />
                            }
                                .into_any()
                        }
                    })
            }}
        </dialog>
    }
}

#[component]
fn Form(reporting: Reporting) -> impl IntoView {
    let t = texts();
    let r = t.requests();
    let offered = ReportReason::ALL.map(|reason| (reason, reason.name(), r.named(reason)));
    let is_sending = move || reporting.progress.get().stage() == Stage::Sending;
    view! {
        <form
            novalidate
            class="form"
            on:submit=move |event| {
                event.prevent_default();
                reporting.send();
            }
        >
            <Choice id=REASON_ID label=r.reason offered=offered.to_vec() chosen=reporting.reason />
            <div class="form-field">
                <label for=NOTE_ID>{r.note}</label>
                <textarea
                    node_ref=reporting.note
                    id=NOTE_ID
                    rows="3"
                    class="text-area"
                    autocapitalize="sentences"
                    dir="auto"
                    aria-describedby=NOTE_HINT_ID
                ></textarea>
                <p class="form-hint" id=NOTE_HINT_ID>
                    {r.note_hint}
                </p>
            </div>
            <p class="form-error" role="alert">
                {move || reporting.problem.get()}
            </p>
            <div class="dialog-buttons">
                <button
                    type="button"
                    class="btn btn-quiet"
                    on:click=move |_| reporting.dialog.close()
                >
                    {t.cancel}
                </button>
                <button
                    type="submit"
                    class="btn btn-primary"
                    aria-busy=move || is_sending().to_string()
                >
                    {move || if is_sending() { r.sending } else { r.send }}
                </button>
            </div>
        </form>
    }
}

/// The report is sent. Whoever is blocked already is not offered to be.
#[component]
fn Thanks(reporting: Reporting) -> impl IntoView {
    let t = texts();
    let r = t.requests();
    let blocking = Blocking::current();
    let user = move || reporting.asked.with(|it| it.as_ref().map(|it| it.user));
    let blockable = Memo::new(move |_| {
        let is_blocked = |user| blocking.is_none_or(|blocking| blocking.is_blocked(user));
        user().is_some_and(|user| !is_blocked(user))
    });
    let named = move |text| fill(text, &[("name", &reporting.name())]);
    let close = NodeRef::<Button>::new();
    // The button that sent it is gone, and the focus with it.
    Effect::new(move |_| {
        if let Some(close) = close.get() {
            let _ = close.focus();
        }
    });
    view! {
        <p id=THANKS_ID>{r.thanks}</p>
        {move || blockable.get().then(|| view! { <p>{named(r.thanks_hint)}</p> })}
        <div class="dialog-buttons">
            <button
                type="button"
                node_ref=close
                class="btn btn-quiet"
                aria-describedby=THANKS_ID
                on:click=move |_| reporting.dialog.close()
            >
                {t.close}
            </button>
            <button
                type="button"
                class="btn btn-quiet danger"
                hidden=move || !blockable.get()
                on:click=move |_| {
                    if let Some(blocking) = blocking {
                        reporting.block(blocking);
                    }
                }
            >
                {move || named(r.block)}
            </button>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Locale;

    #[test]
    fn a_refusal_says_what_is_to_be_done() {
        let t = Locale::En.texts();
        let said = |code| not_sent(t, &ApiError::new(code));
        assert_eq!(said(ErrorCode::TooMany), t.requests().full);
        let gone = said(ErrorCode::NotFound);
        assert!(gone.contains(t.error(ErrorCode::NotFound)), "{gone}");
    }
}
