//! In which folder a conversation is kept, and the folders themselves: made, renamed, deleted.

pub mod dialog;

use std::time::Duration;

use client::Filter;
use leptos::prelude::*;
use protocol::limits::{FOLDER_NAME_GRAPHEMES, FOLDERS};
use protocol::{Arrangement, ConversationId, ErrorCode, Folder, FolderId, FolderName, TextError};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::components::returning::ReturningDialog;
use crate::components::spoken::Spoken;
use crate::i18n::{Texts, fill, texts};
use crate::live::Live;
use crate::preferences::Preferences;

pub use dialog::FolderDialog;

/// Which part of the dialog is seen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Part {
    /// The folders, of which one is chosen.
    Choice,
    /// Another name for one.
    Name(FolderId),
    /// Whether one is to be deleted.
    Question(FolderId),
}

/// The conversation that is being put into a folder.
#[derive(Clone, PartialEq, Eq)]
struct Asked {
    conversation: ConversationId,
    name: String,
}

/// What is being put into folders, in the context of the signed-in pages.
#[derive(Clone, Copy)]
pub struct Foldering {
    live: Live,
    // Whatever answers an event has no context to ask for them.
    t: &'static Texts,
    preferences: Preferences,
    spoken: Spoken,
    asked: RwSignal<Option<Asked>>,
    part: RwSignal<Part>,
    /// What is wrong with what stands in the field.
    problem: RwSignal<Option<String>>,
    /// Why the server has refused something. It may come when the field is there for another name.
    refused: RwSignal<Option<String>>,
    dialog: ReturningDialog,
}

impl Foldering {
    /// Puts it into the context, says what the server refuses, and shows the whole list where the
    /// folder that is looked at is no more.
    pub fn provide(live: Live) -> Self {
        let foldering = Self {
            live,
            t: texts(),
            preferences: Preferences::current(),
            spoken: Spoken::current(),
            asked: RwSignal::new(None),
            part: RwSignal::new(Part::Choice),
            problem: RwSignal::new(None),
            refused: RwSignal::new(None),
            dialog: ReturningDialog::new(),
        };
        provide_context(foldering);
        let news = live.folder_news();
        let refused = Memo::new(move |_| news.with(|news| news.refused));
        Effect::new(move |_| {
            if let Some(code) = refused.get() {
                foldering.refuse(code);
            }
        });
        let filter = foldering.preferences.filter;
        let is_gone = Memo::new(move |_| match filter.get() {
            Filter::Folder(id) => news.with(|news| news.complete && news.name(id).is_none()),
            _ => false,
        });
        Effect::new(move |_| {
            if is_gone.get() {
                foldering.preferences.set_filter(Filter::All);
            }
        });
        foldering
    }

    /// From the context.
    #[must_use]
    pub fn current() -> Option<Self> {
        use_context()
    }

    /// Asks in which folder a conversation is to be. What asks may be gone by the time the dialog
    /// closes; `back` puts the focus in its place.
    pub fn ask(
        self,
        conversation: ConversationId,
        name: String,
        back: impl Fn() + Send + Sync + 'static,
    ) {
        self.refused.set(None);
        self.asked.set(Some(Asked { conversation, name }));
        self.show(Part::Choice);
        self.dialog.open(back);
    }

    fn closed(self) {
        self.asked.set(None);
        self.dialog.closed();
    }

    /// Shows a part of the dialog, with the focus on what is answered first.
    fn show(self, part: Part) {
        self.problem.set(None);
        self.part.set(part);
        let first = match part {
            Part::Choice => ".folder-dialog input[type=\"radio\"]:checked",
            Part::Name(_) => ".folder-dialog input[type=\"text\"]",
            Part::Question(_) => ".folder-dialog .dialog-buttons button",
        };
        // What belongs in it is there by then.
        set_timeout(move || focus(first), Duration::ZERO);
    }

    /// The part that is seen: of a folder that another device has deleted there is none.
    fn seen(self) -> Part {
        let part = self.part.get();
        match part {
            Part::Name(id) | Part::Question(id) if self.name(id).is_none() => Part::Choice,
            part => part,
        }
    }

    fn folders(self) -> Vec<Folder> {
        self.live.folder_news().with(|news| news.list.clone())
    }

    fn name(self, id: FolderId) -> Option<String> {
        let news = self.live.folder_news();
        news.with(|news| news.name(id).map(ToString::to_string))
    }

    fn title(self) -> String {
        let name = self
            .asked
            .with(|asked| asked.as_ref().map(|it| it.name.clone()));
        let name = name.unwrap_or_default();
        fill(self.t.folders().of_conversation, &[("name", &name)])
    }

    /// The folder that the conversation is in, if there is such a folder.
    fn chosen(self) -> Option<FolderId> {
        let asked = self.asked.get()?;
        let summary = self.live.conversation(asked.conversation).summary;
        let folder = summary.with(|it| it.as_ref().and_then(|it| it.preferences.folder));
        folder.filter(|id| self.name(*id).is_some())
    }

    fn put(self, folder: Option<FolderId>) {
        let Some(Asked { conversation, .. }) = self.asked.get_untracked() else {
            return;
        };
        self.live.arrange(conversation, Arrangement::Folder(folder));
        let f = self.t.folders();
        let said = match folder.and_then(|id| untrack(|| self.name(id))) {
            Some(name) => fill(f.put_into, &[("folder", &name)]),
            None => f.put_nowhere.to_owned(),
        };
        self.spoken.tell(&said);
    }

    /// Makes a folder and puts the conversation into it. Whether it could.
    fn make(self, name: &str) -> bool {
        let is_full = untrack(|| self.folders().len() >= FOLDERS);
        let name = match FolderName::parse(name) {
            Err(error) => Err(unfit(self.t, error)),
            Ok(_) if is_full => Err(full(self.t)),
            Ok(name) => Ok(name),
        };
        match name {
            Ok(name) => {
                self.problem.set(None);
                self.refused.set(None);
                let folder = self.live.make_folder(name);
                self.put(Some(folder));
                true
            }
            Err(problem) => {
                self.problem.set(Some(problem));
                false
            }
        }
    }

    fn rename(self, folder: FolderId, name: &str) {
        match FolderName::parse(name) {
            Ok(name) => {
                self.refused.set(None);
                self.live.call_folder(folder, Some(name));
                self.show(Part::Choice);
            }
            Err(error) => self.problem.set(Some(unfit(self.t, error))),
        }
    }

    fn delete(self, folder: FolderId) {
        let name = untrack(|| self.name(folder)).unwrap_or_default();
        self.refused.set(None);
        self.live.call_folder(folder, None);
        if self.preferences.filter.get_untracked() == Filter::Folder(folder) {
            self.preferences.set_filter(Filter::All);
        }
        let said = fill(self.t.folders().deleted, &[("name", &name)]);
        self.spoken.tell(&said);
        self.show(Part::Choice);
    }

    fn refuse(self, code: ErrorCode) {
        let said = not_changed(self.t, code);
        if self.asked.get_untracked().is_some() {
            self.refused.set(Some(said));
        } else {
            self.spoken.warn(&said);
        }
    }
}

fn focus(selector: &str) {
    let found = document().query_selector(selector).ok().flatten();
    if let Some(found) = found.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
        let _ = found.focus();
    }
}

fn full(t: &Texts) -> String {
    t.count(&t.folders().full, FOLDERS as u64)
}

/// Why a text is no name of a folder.
fn unfit(t: &Texts, error: TextError) -> String {
    match error {
        TextError::TooLong => t.count(&t.at_most_letters, FOLDER_NAME_GRAPHEMES as u64),
        error => t.error(error.into()).to_owned(),
    }
}

/// What is said when the server refuses a folder.
fn not_changed(t: &Texts, code: ErrorCode) -> String {
    match code {
        ErrorCode::TooMany => full(t),
        code => fill(t.folders().not_changed, &[("reason", t.error(code))]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Locale;

    #[test]
    fn a_refusal_says_what_is_to_be_done() {
        let t = Locale::En.texts();
        assert!(full(t).contains("50 folders"));
        assert_eq!(not_changed(t, ErrorCode::TooMany), full(t));
        let later = not_changed(t, ErrorCode::RateLimited);
        assert!(later.ends_with(t.error(ErrorCode::RateLimited)), "{later}");
        assert_eq!(unfit(t, TextError::Empty), t.error(ErrorCode::Empty));
        assert!(unfit(t, TextError::TooLong).contains("40"));
    }
}
