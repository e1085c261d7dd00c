//! People whom the server finds, a moment after typing has stopped. An answer to what is not
//! asked any more is dropped.

use std::time::Duration;

use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use protocol::{Person, SearchTerm};
use wasm_bindgen_futures::spawn_local;

use crate::api::ApiError;
use crate::api::people::search_people;

/// How long typing rests before the server is asked.
const PAUSE: Duration = Duration::from_millis(200);

/// A term and what the server said to it.
type Answer = (String, Result<Vec<Person>, ApiError>);

/// The search that is under way.
#[derive(Clone, Copy)]
pub(super) struct Finding {
    wanted: RwSignal<String>,
    answer: RwSignal<Option<Answer>>,
    timer: StoredValue<Option<TimeoutHandle>>,
}

impl Finding {
    /// Nothing is looked for yet. To be made by the view that it ends with.
    pub(super) fn new() -> Self {
        let finding = Self {
            wanted: RwSignal::new(String::new()),
            answer: RwSignal::new(None),
            timer: StoredValue::new(None),
        };
        on_cleanup(move || finding.stop());
        finding
    }

    /// Something else was typed.
    pub(super) fn look_for(self, typed: &str) {
        self.stop();
        let term = typed.trim().to_owned();
        self.wanted.set(term.clone());
        if SearchTerm::parse(&term).is_err() {
            return;
        }
        let ask = move || {
            spawn_local(async move {
                let people = search_people(term.clone()).await;
                let is_wanted = self.wanted.try_with_untracked(|wanted| *wanted == term);
                if is_wanted == Some(true) {
                    self.answer.try_set(Some((term, people)));
                }
            });
        };
        self.timer
            .set_value(set_timeout_with_handle(ask, PAUSE).ok());
    }

    /// Whom the server has found for this.
    pub(super) fn people_for(self, typed: &str) -> Vec<Person> {
        match self.answer_to(typed) {
            Some(Ok(people)) => people,
            _ => Vec::new(),
        }
    }

    /// Why it could not look for this.
    pub(super) fn failure_of(self, typed: &str) -> Option<ApiError> {
        self.answer_to(typed)?.err()
    }

    /// Whether its answer to this is still to come.
    pub(super) fn is_looking(self, typed: &str) -> bool {
        SearchTerm::parse(typed).is_ok() && self.answer_to(typed).is_none()
    }

    fn answer_to(self, typed: &str) -> Option<Result<Vec<Person>, ApiError>> {
        self.answer.with(|answer| {
            let (term, people) = answer.as_ref()?;
            (term == typed.trim()).then(|| people.clone())
        })
    }

    fn stop(self) {
        if let Some(timer) = self.timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    }
}
