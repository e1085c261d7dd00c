//! Messages that wait on the server for their time: what is known of them here, and the lines
//! that say so.

pub mod choosing;
pub mod field;
pub mod suggested;
pub mod times;

use leptos::prelude::*;
use leptos::task::spawn_local;
use protocol::{ConversationId, Scheduled};

use crate::api::ApiError;
use crate::api::scheduled::list_scheduled;
use crate::components::spoken::Spoken;
use crate::i18n::texts;
use crate::live::Live;
use crate::ui::{Glyph, Icon, IconSize};

/// Where they are listed.
pub const SCHEDULED: &str = "/scheduled";

/// What the server last said of them, in the context of the signed-in pages.
#[derive(Clone, Copy)]
pub struct Later {
    /// Nothing before the page has come to life.
    pub list: RwSignal<Option<Vec<Scheduled>>>,
    /// Why it could not be asked for.
    pub failed: RwSignal<Option<ApiError>>,
    /// Counts what was asked, so that a late answer is dropped.
    asked: StoredValue<u32>,
}

impl Later {
    /// Puts it into the context, and asks whenever it may be another.
    pub fn provide(live: Live) -> Self {
        let later = Self {
            list: RwSignal::new(None),
            failed: RwSignal::new(None),
            asked: StoredValue::new(0),
        };
        provide_context(later);
        let changes = live.scheduled_changes();
        Effect::new(move |_| {
            if changes.get() > 0 {
                later.load();
            }
        });
        later
    }

    /// From the context.
    #[must_use]
    pub fn current() -> Option<Self> {
        use_context()
    }

    /// Asks the server.
    pub fn load(self) {
        let number = self.asked.try_update_value(|asked| {
            *asked = asked.wrapping_add(1);
            *asked
        });
        spawn_local(async move {
            let answer = list_scheduled().await;
            if self.asked.try_get_value() != number {
                return;
            }
            match answer {
                Ok(list) => {
                    self.failed.set(None);
                    self.list.set(Some(list));
                }
                Err(error) => self.failed.set(Some(error)),
            }
        });
    }

    /// How many there are of those.
    fn count(self, which: impl Fn(&Scheduled) -> bool + Send + Sync + 'static) -> Memo<u64> {
        Memo::new(move |_| {
            self.list.with(|list| {
                let list = list.as_deref().unwrap_or_default();
                list.iter().filter(|it| which(it)).count() as u64
            })
        })
    }
}

/// The way to what is scheduled in a conversation.
fn address_in(id: ConversationId) -> String {
    format!("{SCHEDULED}?in={id}")
}

/// What waits in a conversation, over its composer.
#[component]
pub fn WaitingLine(
    /// Of which.
    id: ConversationId,
) -> impl IntoView {
    let t = texts();
    let l = t.later();
    let later = Later::current()?;
    let count = later.count(move |it| it.conversation == id);
    Some(move || {
        (count.get() > 0).then(|| {
            view! {
                <p class="later-line" data-testid="later-line">
                    <Icon glyph=Glyph::Clock size=IconSize::Small />
                    <span>{t.count(&l.waiting, count.get())}</span>
                    <a class="link-button" href=address_in(id)>
                        {l.show}
                    </a>
                </p>
            }
        })
    })
}

/// That something was not sent at its time, over the conversation list: it may have been meant
/// for a conversation that is not in the list any more.
#[component]
pub fn UnsentLine() -> impl IntoView {
    let t = texts();
    let l = t.later();
    let spoken = Spoken::current();
    let later = Later::current()?;
    let count = later.count(|it| it.unsent.is_some());
    Effect::new(move |before: Option<u64>| {
        let now = count.get();
        if now > before.unwrap_or(0) {
            spoken.alert(&t.count(&l.unsent, now));
        }
        now
    });
    Some(move || {
        (count.get() > 0).then(|| {
            view! {
                <section class="unsendable" data-testid="later-unsent">
                    <p>
                        {t.count(&l.unsent, count.get())} " "
                        <a class="link-button" href=SCHEDULED>
                            {l.look}
                        </a>
                    </p>
                </section>
            }
        })
    })
}
