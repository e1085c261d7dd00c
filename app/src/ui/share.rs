//! Giving something to another application of the device (Web Share). Called by its name: not
//! every browser has it.

use js_sys::{Function, Object, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

/// Whether this browser can.
#[must_use]
pub fn is_there() -> bool {
    function().is_some()
}

/// Lets the reader choose where an address goes. It is no error that they choose nothing.
pub fn share(url: &str) {
    let data = Object::new();
    let is_set = Reflect::set(&data, &"url".into(), &url.into()).unwrap_or(false);
    let Some(share) = function().filter(|_| is_set) else {
        return;
    };
    let shared = share.call1(&window().navigator(), &data).ok();
    if let Some(shared) = shared.and_then(|it| it.dyn_into::<Promise>().ok()) {
        spawn_local(async move {
            drop(JsFuture::from(shared).await);
        });
    }
}

fn function() -> Option<Function> {
    let navigator: JsValue = window().navigator().into();
    let share = Reflect::get(&navigator, &"share".into()).ok()?;
    share.dyn_into().ok()
}
