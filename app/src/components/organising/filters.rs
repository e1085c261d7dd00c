//! What of the list is seen: everything, what is unread, groups, a folder, or the archive. Chosen at once,
//! remembered on the device; without script it is a form with a button.

use client::Filter;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use protocol::Section;

use crate::api::preferences::SetPreferences;
use crate::i18n::{Texts, texts};
use crate::live::{ListItem, Live};
use crate::preferences::{Preferences, filter_code};
use crate::ui::{Mounted, keep_focus};

fn name(filter: Filter, t: &Texts) -> &'static str {
    let o = t.organising();
    match filter {
        Filter::All => o.all,
        Filter::Unread => o.unread,
        Filter::Groups => o.groups,
        Filter::Archived => o.archived,
        Filter::Requests => t.requests().requests,
        Filter::Folder(_) => t.folders().folder,
    }
}

/// How many rows stand in a part of the list.
fn count(list: Signal<Vec<ListItem>>, section: Section) -> Memo<usize> {
    Memo::new(move |_| {
        list.with(|rows| {
            let is_there = |it: &&ListItem| it.row.with(|row| row.section == section);
            rows.iter().filter(is_there).count()
        })
    })
}

/// The choice. Archive and requests are offered once there is something in them, and each folder
/// as long as there is one.
#[component]
pub fn Filters(
    /// Everything live.
    live: Live,
) -> impl IntoView {
    let t = texts();
    let o = t.organising();
    let preferences = Preferences::current();
    let mounted = use_context::<Mounted>();
    let is_live = move || mounted.is_some_and(|mounted| mounted.0.get());
    let list = live.list();
    let archived = count(list, Section::Archive);
    let requests = count(list, Section::Requests);
    let is_empty = Memo::new(move |_| list.with(Vec::is_empty));
    let news = live.folder_news();
    let folders = Memo::new(move |_| news.with(|news| news.list.clone()));
    let choice = move |filter: Filter| {
        let hidden = move || {
            let is_chosen = preferences.filter.get() == filter;
            let is_empty = match filter {
                Filter::Archived => archived.get() == 0,
                Filter::Requests => requests.get() == 0,
                _ => false,
            };
            is_empty && !is_chosen
        };
        let counted = move || {
            let count = requests.get();
            let is_shown = filter == Filter::Requests && count > 0;
            is_shown.then(|| view! { <bdi class="filter-count">{count}</bdi> })
        };
        view! {
            <label class="filter" hidden=hidden>
                <Choice filter preferences />
                <span>{name(filter, t)} {counted}</span>
            </label>
        }
    };
    view! {
        <form
            class="filters"
            aria-label=o.filters
            method="post"
            action=SetPreferences::url()
            // A browser that puts old choices back would show what is not so.
            autocomplete="off"
            hidden=move || is_empty.get()
            on:submit=|event| event.prevent_default()
        >
            <fieldset>
                <legend class="hidden-text">{o.filters}</legend>
                {Filter::ALL.map(choice).collect_view()}
                <For
                    each=move || folders.get()
                    key=|folder| (folder.id, folder.name.clone())
                    let(folder)
                >
                    <label class="filter filter-folder">
                        <Choice filter=Filter::Folder(folder.id) preferences />
                        <span>
                            <bdi>{folder.name.to_string()}</bdi>
                        </span>
                    </label>
                </For>
            </fieldset>
            <button type="submit" class="link-button" hidden=is_live>
                {t.save}
            </button>
        </form>
    }
}

#[component]
fn Choice(filter: Filter, preferences: Preferences) -> impl IntoView {
    view! {
        <input
            type="radio"
            name="filter"
            value=filter_code(filter)
            prop:checked=move || preferences.filter.get() == filter
            checked=preferences.filter.get_untracked() == filter
            on:change=move |_| preferences.set_filter(filter)
        />
    }
}

/// What stands in the place of a list in which the filter leaves nothing.
#[component]
pub fn NothingHere(
    /// What of the list is to be seen.
    filter: Filter,
    /// All of it.
    list: Signal<Vec<ListItem>>,
) -> impl IntoView {
    let t = texts();
    let o = t.organising();
    let preferences = Preferences::current();
    let text = match filter {
        Filter::All => "",
        Filter::Unread => o.none_unread,
        Filter::Groups => o.none_groups,
        Filter::Archived => o.none_archived,
        Filter::Requests => t.requests().none,
        Filter::Folder(_) => t.folders().none_here,
    };
    // A list of which everything is somewhere else says where it is.
    let archived = count(list, Section::Archive);
    let requests = count(list, Section::Requests);
    let other = move || match filter {
        Filter::All if archived.get() > 0 => Some((Filter::Archived, o.archived)),
        Filter::All if requests.get() > 0 => Some((Filter::Requests, name(Filter::Requests, t))),
        Filter::All => None,
        _ => Some((Filter::All, o.show_all)),
    };
    let way = move || {
        other().map(|(filter, name)| {
            let go = move |_: leptos::ev::MouseEvent| {
                preferences.set_filter(filter);
                // The button goes now, and the focus with it.
                keep_focus(".conversations", &[".conversations a[tabindex=\"0\"]"]);
            };
            view! {
                <button type="button" class="btn" on:click=go>
                    {name}
                </button>
            }
        })
    };
    view! {
        <div class="empty" data-testid="nothing-here">
            <p>{text}</p>
            {way}
        </div>
    }
}
