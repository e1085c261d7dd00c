//! Starts the application in the browser, on the page that the server rendered.

use std::time::Duration;

use app::chunks::Chunk;
use leptos::prelude::{document, set_timeout};
use wasm_bindgen_futures::spawn_local;

/// After a failure it is tried again after this time, then after twice that, and so on.
const FIRST_WAIT: Duration = Duration::from_millis(500);
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// Takes over the server's page, once all of its code is here.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    begin(FIRST_WAIT);
}

fn begin(wait: Duration) {
    let path = document()
        .location()
        .and_then(|place| place.pathname().ok());
    let chunk = path.as_deref().and_then(Chunk::of);
    spawn_local(async move {
        let is_here = match chunk {
            Some(chunk) => chunk.fetch().await.is_ok(),
            None => true,
        };
        if is_here {
            leptos::mount::hydrate_body(app::App);
        } else {
            // Until then it is a page without a script.
            set_timeout(move || begin((wait * 2).min(LONGEST_WAIT)), wait);
        }
    });
}
