//! Everything that one has saved to look at again.

pub mod row;

use std::collections::BTreeSet;

use leptos::ev::MouseEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_query_map;
use protocol::{SavedPlace, UserId};

use crate::api::ApiError;
use crate::api::loading::{Loaded, load_first};
use crate::api::saved::{SavedItem, SavedItems, saved};
use crate::i18n::{Texts, texts};
use crate::live::Live;
use crate::pages::hit::{Whereabouts, placed};
use crate::pages::reminders::REMINDERS;
use crate::pages::sheet::Sheet;
use crate::pages::system::explain;
use crate::ui::{Glyph, Icon, PageTitle};
use row::SavedRow;

/// The way here.
pub const SAVED: &str = "/saved";

/// A saved message and what is said of it.
#[derive(Clone, PartialEq, Debug)]
pub struct Row {
    place: SavedPlace,
    /// Where it is and how it begins; `None` if it cannot be read any more.
    said: Option<(Whereabouts, String)>,
}

/// Everything that the parts of the page share.
#[derive(Clone, Copy)]
struct Page {
    live: Live,
    first: Loaded<Result<SavedItems, ApiError>>,
    /// What was loaded beyond the first page, or why it was not.
    further: RwSignal<Vec<SavedItems>>,
    failed: RwSignal<Option<ApiError>>,
    pending: RwSignal<bool>,
}

impl Page {
    fn pages(self) -> Vec<SavedItems> {
        let first = self.first.get().and_then(Result::ok);
        first.into_iter().chain(self.further.get()).collect()
    }

    fn next(self) -> Option<String> {
        self.pages().pop()?.next
    }

    /// Goes on where the last page ended.
    fn more(self) {
        let Some(next) = untrack(|| self.next()) else {
            return;
        };
        if self.pending.get_untracked() {
            return;
        }
        self.failed.set(None);
        self.pending.set(true);
        spawn_local(async move {
            let page = saved(next).await;
            // The page may be gone by now.
            if self.pending.try_set(false).is_some() {
                return;
            }
            match page {
                Ok(page) => self.further.update(|further| further.push(page)),
                Err(error) => self.failed.set(Some(error)),
            }
        });
    }
}

/// The page.
#[component]
pub fn SavedPage() -> impl IntoView {
    let t = texts();
    let s = t.saved();
    let Some(live) = Live::current() else {
        return ().into_any();
    };
    let query = use_query_map();
    let before = Memo::new(move |_| query.with(|query| query.get("before").unwrap_or_default()));
    let page = Page {
        live,
        first: load_first(move || before.get(), saved),
        further: RwSignal::new(Vec::new()),
        failed: RwSignal::new(None),
        pending: RwSignal::new(false),
    };
    read_again(page);
    view! {
        <PageTitle text=move || format!("{} · BaatCheet", s.title) />
        <Sheet title=s.title back="/">
            <div class="page saved-page">
                <p class="form-hint">{s.hint}</p>
                <a class="link-button" href=REMINDERS>
                    {t.reminders().title}
                </a>
                <Transition fallback=move || {
                    view! { <p class="form-hint">{t.loading}</p> }
                }>
                    {move || {
                        page.first
                            .get()
                            .map(|first| match first {
                                Ok(_) => view! { <Listed page /> }.into_any(),
                                Err(error) => view! { <Failed page error /> }.into_any(),
                            })
                    }}
                </Transition>
            </div>
        </Sheet>
    }
    .into_any()
}

/// The list is read again when something that is not in it was saved, on any device, and when
/// there is a connection again after it could not be read.
fn read_again(page: Page) {
    let news = page.live.saved_news();
    Effect::new(move |was: Option<Option<SavedPlace>>| {
        let newest = news.with(|news| news.newest);
        let is_new = was.is_some_and(|was| was != newest);
        let listed = untrack(|| page.pages());
        let mut listed = listed.iter().flat_map(|page| &page.items);
        if is_new && newest.is_some_and(|place| listed.all(|item| item.place != place)) {
            page.first.refetch();
        }
        newest
    });
    let status = page.live.status();
    Effect::new(move |was: Option<bool>| {
        let is_quiet = status.get() == client::Status::Quiet;
        let failed = page
            .first
            .with_untracked(|first| matches!(first, Some(Err(error)) if error.unreachable));
        if was == Some(false) && is_quiet && failed {
            page.first.refetch();
        }
        is_quiet
    });
}

/// The rows of several pages, each message once.
fn rows(pages: &[SavedItems], me: UserId, t: &Texts) -> Vec<Row> {
    let mut seen = BTreeSet::new();
    let items = pages
        .iter()
        .flat_map(|page| page.items.iter().map(move |item| (page, item)));
    items
        .filter(|(_, item)| seen.insert(item.place))
        .map(|(page, item)| Row {
            place: item.place,
            said: said(page, item, me, t),
        })
        .collect()
}

fn said(
    page: &SavedItems,
    item: &SavedItem,
    me: UserId,
    t: &Texts,
) -> Option<(Whereabouts, String)> {
    let said = item.said.as_ref()?;
    let known = (&*page.conversations, &*page.people);
    placed(said, item.place.conversation, known, (me, t))
}

#[component]
fn Listed(page: Page) -> impl IntoView {
    let t = texts();
    let s = t.saved();
    let me = page.live.me();
    let rows = Memo::new(move |_| rows(&page.pages(), me, t));
    let is_empty = Memo::new(move |_| rows.with(Vec::is_empty));
    let empty = move || {
        is_empty.get().then(|| {
            view! {
                <div class="empty" data-testid="saved-empty">
                    <h2>{s.empty}</h2>
                    <p>{s.empty_hint}</p>
                </div>
            }
        })
    };
    view! {
        {empty}
        <ul class="people hits saved-list" aria-label=s.list hidden=move || is_empty.get()>
            <For each=move || rows.get() key=|row| (row.place, row.said.is_some()) let(row)>
                <SavedRow row live=page.live />
            </For>
        </ul>
        <More page />
    }
}

/// The way on.
#[component]
fn More(page: Page) -> impl IntoView {
    let t = texts();
    let s = t.saved();
    let next = Memo::new(move |_| page.next());
    let go = move |event: MouseEvent| {
        event.prevent_default();
        event.stop_propagation();
        page.more();
    };
    let failed = move || Some(reason(t, &page.failed.get()?));
    move || {
        next.get().map(|before| {
            let says = move || {
                if page.pending.get() {
                    s.loading_more
                } else {
                    s.more
                }
            };
            view! {
                <p class="search-more">
                    <a
                        class="btn"
                        href=format!("{SAVED}?before={before}")
                        on:click=go
                        data-testid="saved-more"
                    >
                        {says}
                    </a>
                    <span role="alert">{failed}</span>
                </p>
            }
        })
    }
}

fn reason(t: &Texts, error: &ApiError) -> String {
    let s = t.saved();
    if error.unreachable {
        s.offline.to_owned()
    } else {
        format!("{} {}", s.failed, explain(t, error))
    }
}

/// The list could not be loaded. Without script, trying again is loading the page again.
#[component]
fn Failed(page: Page, error: ApiError) -> impl IntoView {
    let t = texts();
    view! {
        <div class="form-summary" role="alert">
            <Icon glyph=Glyph::Alert />
            <span class="grow">{reason(t, &error)}</span>
            <a
                class="link-button"
                href=SAVED
                rel="external"
                on:click=move |event| {
                    event.prevent_default();
                    page.first.refetch();
                }
            >
                {t.retry}
            </a>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use protocol::{
        ConversationId, ConversationKind, ConversationSummary, GroupSettings, Preferences, Seq,
        Timestamp,
    };

    use super::*;
    use crate::api::saved::Said;
    use crate::i18n::Locale;

    const ME: UserId = UserId::from_bytes([1; 16]);

    fn conversation() -> ConversationSummary {
        ConversationSummary {
            id: ConversationId::from_bytes([7; 16]),
            kind: ConversationKind::Group,
            title: Some(protocol::DisplayName::parse("Chai").unwrap()),
            description: None,
            settings: GroupSettings::default(),
            members: Vec::new(),
            member_count: 2,
            pins: Vec::new(),
            created_at: Timestamp::from_millis(1),
            last_seq: Seq::ZERO,
            last_message: None,
            read_seq: Seq::ZERO,
            unread: 0,
            preferences: Preferences::default(),
            mentions: 0,
            slow_mode: protocol::SlowMode::Off,
            lifespan: None,
            request: None,
        }
    }

    fn item(conversation: u8, seq: u64, text: Option<&str>) -> SavedItem {
        let said = Said {
            author: ME,
            sent_at: Timestamp::from_millis(1),
            text: text.map(str::to_owned),
        };
        SavedItem {
            place: SavedPlace {
                conversation: ConversationId::from_bytes([conversation; 16]),
                seq: Seq(seq),
            },
            said: Some(said),
        }
    }

    #[test]
    fn a_row_says_where_and_what_and_stands_there_once() {
        let page = SavedItems {
            items: vec![
                item(7, 1, Some("tea")),
                item(7, 2, None),
                item(8, 1, Some("secret")),
                SavedItem {
                    said: None,
                    ..item(7, 3, None)
                },
            ],
            conversations: vec![conversation()],
            ..SavedItems::default()
        };
        let t = Locale::En.texts();
        let rows = rows(&[page.clone(), page], ME, t);
        let texts: Vec<_> = rows
            .iter()
            .map(|row| {
                row.said
                    .as_ref()
                    .map(|(at, text)| (at.title.as_str(), text.as_str()))
            })
            .collect();
        let deleted = t.message_deleted;
        let expected = [Some(("Chai", "tea")), Some(("Chai", deleted)), None, None];
        assert_eq!(texts, expected);
    }

    #[test]
    fn a_failure_says_what_is_to_be_done() {
        let t = Locale::En.texts();
        let failed = ApiError::new(protocol::ErrorCode::Internal);
        let says = reason(t, &failed);
        assert!(says.starts_with(t.saved().failed) && says.len() > t.saved().failed.len());
        let offline = ApiError {
            unreachable: true,
            ..failed
        };
        assert_eq!(reason(t, &offline), t.saved().offline);
    }
}
