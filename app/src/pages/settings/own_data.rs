//! Taking one's data along, and deleting one's account.

pub mod delete;

use leptos::prelude::*;

use crate::i18n::texts;
use crate::pages::workspace::Session;
use delete::DeleteForm;

/// The files and what is in them. Plain links, so that it works without script.
#[component]
pub fn OwnData() -> impl IntoView {
    let d = texts().own_data();
    let delete = Session::current()
        .known()
        .map(|(me, live)| view! { <DeleteForm username=me.username live /> });
    view! {
        <section class="settings-part" aria-labelledby="take-along">
            <h3 id="take-along">{d.take_along}</h3>
            <p class="form-hint">{d.take_hint}</p>
            <ul class="downloads">
                <Download
                    address="/api/export/html"
                    id="take-page"
                    label=d.take_page
                    hint=d.take_page_hint
                />
                <Download
                    address="/api/export/json"
                    id="take-json"
                    label=d.take_json
                    hint=d.take_json_hint
                />
            </ul>
            <p class="form-hint">{d.take_limit}</p>
        </section>
        {delete}
    }
}

/// A link to a file. The router leaves it to the browser.
#[component]
fn Download(
    /// Where the file is.
    address: &'static str,
    /// Ties the link to what is said about it.
    id: &'static str,
    /// What it is.
    label: &'static str,
    /// What it is for.
    hint: &'static str,
) -> impl IntoView {
    view! {
        <li>
            <a
                class="btn"
                href=address
                rel="external"
                download=""
                aria-describedby=id
                data-testid=id
            >
                {label}
            </a>
            <p class="form-hint" id=id>
                {hint}
            </p>
        </li>
    }
}
