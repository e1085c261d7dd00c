//! The people found, each a button in a plain form that opens the conversation.

use leptos::ev::{KeyboardEvent, SubmitEvent};
use leptos::html::{Input, Ul};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_navigate;
use protocol::{Person, UserId};
use wasm_bindgen::JsCast;

use crate::api::conversations::OpenDirect;
use crate::i18n::{has_rtl, texts};
use crate::live::Live;
use crate::pages::system::explain;
use crate::ui::{Avatar, Glyph, Icon, Mounted, Summary};

/// The one row that Tab reaches; the arrow keys reach the others. Without script all are.
#[derive(Clone, Copy)]
pub(super) struct TabStop {
    chosen: RwSignal<Option<UserId>>,
    people: Signal<Vec<Person>>,
    mounted: Option<Mounted>,
}

impl TabStop {
    /// Of a list of these.
    pub(super) fn new(people: Signal<Vec<Person>>) -> Self {
        Self {
            chosen: RwSignal::new(None),
            people,
            mounted: use_context(),
        }
    }

    /// The row that has the focus.
    pub(super) fn choose(&self, id: UserId) {
        self.chosen.set(Some(id));
    }

    /// The `tabindex` of a row.
    pub(super) fn index(&self, id: UserId) -> &'static str {
        let is_roving = self.mounted.is_some_and(|mounted| mounted.0.get());
        let chosen = self.chosen.get();
        let stop = self.people.with(|people| {
            people
                .iter()
                .map(|person| person.id)
                .find(|id| Some(*id) == chosen)
                .or_else(|| people.first().map(|person| person.id))
        });
        if !is_roving || stop.is_none() || stop == Some(id) {
            "0"
        } else {
            "-1"
        }
    }
}

/// The list, or the way to one's own notes while nothing is looked for.
#[component]
pub fn Results(
    /// Who was found.
    people: Signal<Vec<Person>>,
    /// Whether nothing is looked for.
    is_idle: Signal<bool>,
    /// Whether other results are on their way.
    pending: RwSignal<bool>,
    /// The field above, where the arrow leads back to.
    input: NodeRef<Input>,
    /// The list itself.
    list: NodeRef<Ul>,
) -> impl IntoView {
    let t = texts();
    let open = ServerAction::<OpenDirect>::new();
    go_there(open);
    let me = Live::current().map(|live| live.me());
    let stop = TabStop::new(people);
    let refused = Signal::derive(move || match open.value().get() {
        Some(Err(error)) => Some(explain(t, &error)),
        _ => None,
    });
    view! {
        <Summary text=refused />
        <ul
            class="people"
            node_ref=list
            aria-label=t.find_people
            aria-busy=move || pending.get().to_string()
            on:keydown=move |event| move_focus(&event, input)
        >
            {move || {
                me.filter(|_| is_idle.get())
                    .map(|me| view! { <Row id=me open stop content=notes().into_any() /> })
            }}
            <For
                each=move || people.get()
                key=|person| (person.id, person.display_name.clone())
                let(person)
            >
                <Row id=person.id open stop content=entry(&person, me).into_any() />
            </For>
        </ul>
    }
}

/// Shows the conversation that was opened: in the list at once, then on the screen.
pub(in crate::pages) fn go_there(open: ServerAction<OpenDirect>) {
    let live = Live::current();
    let navigate = use_navigate();
    Effect::new(move |_| {
        let Some(Ok(summary)) = open.value().get() else {
            return;
        };
        let path = format!("/c/{}", summary.id);
        if let Some(live) = live {
            live.seed(vec![summary], Vec::new());
        }
        navigate(&path, leptos_router::NavigateOptions::default());
    });
}

/// A row; while its conversation is being opened, it says so.
#[component]
fn Row(
    id: UserId,
    open: ServerAction<OpenDirect>,
    stop: TabStop,
    content: AnyView,
) -> impl IntoView {
    let t = texts();
    let is_opening = move || {
        open.pending().get()
            && open
                .input()
                .with(|asked| asked.as_ref().is_some_and(|a| a.with == id))
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !open.pending().get_untracked() {
            open.dispatch(OpenDirect { with: id });
        }
    };
    view! {
        <li>
            <form method="post" action=OpenDirect::url() on:submit=submit>
                <input type="hidden" name="with" value=id.to_string() />
                <button
                    type="submit"
                    class="conversation person"
                    tabindex=move || stop.index(id)
                    aria-busy=move || is_opening().to_string()
                    on:focus=move |_| stop.choose(id)
                >
                    {content}
                    <span class="conversation-side">
                        {move || is_opening().then_some(t.opening)}
                    </span>
                </button>
            </form>
        </li>
    }
}

fn notes() -> impl IntoView {
    let t = texts();
    view! {
        <span class="avatar avatar-plain" aria-hidden="true">
            <Icon glyph=Glyph::Note />
        </span>
        <span class="conversation-text">
            <span class="conversation-name">{t.notes_open}</span>
        </span>
    }
}

/// A person. Oneself is marked, for it leads to the notes.
pub(super) fn entry(person: &Person, me: Option<UserId>) -> impl IntoView + use<> {
    let t = texts();
    let is_me = me == Some(person.id);
    view! {
        <Avatar id=person.id name=person.display_name.to_string() />
        <span class="conversation-text">
            {name_line(person, is_me)}
            <span class="conversation-last">
                <bdi dir="ltr">{format!("@{}", person.username)}</bdi>
                {is_me.then(|| format!(" · {}", t.notes_name))}
            </span>
        </span>
    }
}

/// The name on screen. A list of people marks its reader.
pub(in crate::pages) fn name_line(person: &Person, is_me: bool) -> impl IntoView + use<> {
    let name = person.display_name.to_string();
    let class = if has_rtl(&name) {
        "conversation-name nastaliq"
    } else {
        "conversation-name"
    };
    // The line is a flex container: a space that can break would be dropped.
    let marker = is_me.then(|| format!("\u{a0}{}", texts().you_marker));
    view! {
        <span class=class>
            <bdi>{name}</bdi>
            {marker}
        </span>
    }
}

/// Puts the focus on the first row, if there is one.
pub fn focus_first(list: NodeRef<Ul>) -> bool {
    let first = list
        .get_untracked()
        .and_then(|list| list.first_element_child());
    first.is_some_and(|row| focus_button(&row))
}

fn focus_button(row: &web_sys::Element) -> bool {
    row.query_selector("button, a")
        .ok()
        .flatten()
        .and_then(|button| button.dyn_into::<web_sys::HtmlElement>().ok())
        .is_some_and(|button| button.focus().is_ok())
}

/// Arrow keys, Home and End move along the rows; upwards from the first one is the field.
pub(in crate::pages) fn move_focus(event: &KeyboardEvent, input: NodeRef<Input>) {
    if event.alt_key() || event.ctrl_key() || event.meta_key() {
        return;
    }
    let Some(row) = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
        .and_then(|element| element.closest("li").ok().flatten())
    else {
        return;
    };
    let target = match event.key().as_str() {
        "ArrowDown" => row.next_element_sibling(),
        "ArrowUp" => row.previous_element_sibling(),
        "Home" => row
            .parent_element()
            .and_then(|list| list.first_element_child()),
        "End" => row
            .parent_element()
            .and_then(|list| list.last_element_child()),
        _ => return,
    };
    event.prevent_default();
    match target {
        Some(row) => {
            focus_button(&row);
        }
        None if event.key() == "ArrowUp" => {
            if let Some(input) = input.get_untracked() {
                let _ = input.focus();
            }
        }
        None => {}
    }
}
