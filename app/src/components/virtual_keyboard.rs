//! Room for a keyboard on the screen. Most browsers take it from the page itself; where the
//! keyboard merely lies over the page, `--kb` says how much of it is covered.

use leptos::prelude::*;
use send_wrapper::SendWrapper;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::VisualViewport;

/// What is covered, of a page this high with so much of it visible from `offset` on. Zoomed
/// pages and pages without a field in use have no keyboard.
fn covered(page: f64, visible: f64, offset: f64, scale: f64, writing: bool) -> f64 {
    if writing && (scale - 1.0).abs() < 0.01 {
        (page - visible - offset).max(0.0)
    } else {
        0.0
    }
}

/// Keeps `--kb` right while the caller's view lives.
pub fn make_room_for_keyboard() {
    Effect::new(move |_| {
        let Some(viewport) = window().visual_viewport() else {
            return;
        };
        let watched = viewport.clone();
        let update = Closure::<dyn Fn()>::new(move || measure(&watched));
        let callback = update.as_ref().unchecked_ref();
        for name in ["resize", "scroll"] {
            let _ = viewport.add_event_listener_with_callback(name, callback);
        }
        let handles = ["focusin", "focusout"].map(|name| {
            let watched = viewport.clone();
            window_event_listener_untyped(name, move |_| measure(&watched))
        });
        let listening = SendWrapper::new((viewport, update));
        on_cleanup(move || {
            let (viewport, update) = listening.take();
            let callback = update.as_ref().unchecked_ref();
            for name in ["resize", "scroll"] {
                let _ = viewport.remove_event_listener_with_callback(name, callback);
            }
            for handle in handles {
                handle.remove();
            }
        });
    });
}

fn measure(viewport: &VisualViewport) {
    let Some(root) = document()
        .document_element()
        .and_then(|root| root.dyn_into::<web_sys::HtmlElement>().ok())
    else {
        return;
    };
    let page = window()
        .inner_height()
        .ok()
        .and_then(|height| height.as_f64())
        .unwrap_or_default();
    let writing = document()
        .active_element()
        .is_some_and(|element| is_editable(&element));
    let covered = covered(
        page,
        viewport.height(),
        viewport.offset_top(),
        viewport.scale(),
        writing,
    );
    let style = root.style();
    if covered > 0.0 {
        let _ = style.set_property("--kb", &format!("{covered}px"));
        // Such a browser also moves the page up, by what has just been made room for.
        window().scroll_to_with_x_and_y(0.0, 0.0);
    } else {
        let _ = style.remove_property("--kb");
    }
}

/// Whether keys write into an element.
#[must_use]
pub fn is_editable(element: &web_sys::Element) -> bool {
    matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
        || element
            .dyn_ref::<web_sys::HtmlElement>()
            .is_some_and(web_sys::HtmlElement::is_content_editable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_keyboard_covers_the_page() {
        // page, visible, offset, scale, writing
        for (case, expected) in [
            ((844.0, 844.0, 0.0, 1.0, true), 0.0),
            ((844.0, 430.0, 0.0, 1.0, true), 414.0),
            ((844.0, 430.0, 100.0, 1.0, true), 314.0),
            ((844.0, 430.0, 0.0, 1.0, false), 0.0),
            ((844.0, 430.0, 0.0, 2.0, true), 0.0),
            ((430.0, 444.0, 0.0, 1.0, true), 0.0),
        ] {
            let (page, visible, offset, scale, writing) = case;
            let is = covered(page, visible, offset, scale, writing);
            assert!((is - expected).abs() < f64::EPSILON, "{case:?}: {is}");
        }
    }
}
