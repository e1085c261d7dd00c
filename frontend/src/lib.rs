//! Starts the application in the browser, on the page that the server rendered.

/// Takes over the server's page.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(app::App);
}
