//! Copying and selecting. Called by their names: the typed interfaces of both would weigh more
//! than they are.

use js_sys::{Function, Promise, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

/// Puts a text into the clipboard; `done` is called if the browser did.
pub fn write(text: &str, done: impl FnOnce() + 'static) {
    let Some(clipboard) = clipboard() else {
        return;
    };
    let written = call(&clipboard, "writeText", &JsValue::from_str(text));
    if let Some(written) = written.and_then(|it| it.dyn_into::<Promise>().ok()) {
        spawn_local(async move {
            if JsFuture::from(written).await.is_ok() {
                done();
            }
        });
    }
}

/// Browsers have none on pages that came over a network without encryption.
fn clipboard() -> Option<JsValue> {
    let navigator = window().navigator();
    let clipboard = Reflect::get(&navigator, &"clipboard".into()).ok()?;
    (!clipboard.is_undefined()).then_some(clipboard)
}

/// Selects all text of an element.
pub(super) fn select(id: &str) {
    let node = document().get_element_by_id(id);
    let selection = Reflect::get(&window(), &"getSelection".into())
        .ok()
        .and_then(|get| get.dyn_into::<Function>().ok())
        .and_then(|get| get.call0(&window()).ok());
    if let (Some(node), Some(selection)) = (node, selection) {
        call(&selection, "selectAllChildren", &node);
    }
}

fn call(this: &JsValue, name: &str, argument: &JsValue) -> Option<JsValue> {
    let method = Reflect::get(this, &name.into()).ok()?;
    let method: Function = method.dyn_into().ok()?;
    method.call1(this, argument).ok()
}
