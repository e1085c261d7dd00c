//! From a page that has made or joined a conversation into that conversation.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use protocol::ConversationSummary;

use crate::api::ApiError;
use crate::live::Live;

/// Shows the conversation of an answer, in place of the page that asked for it.
pub fn go_there(answer: Signal<Option<Result<ConversationSummary, ApiError>>>, live: Option<Live>) {
    let navigate = use_navigate();
    Effect::new(move |_| {
        let Some(Ok(summary)) = answer.get() else {
            return;
        };
        let path = format!("/c/{}", summary.id);
        if let Some(live) = live {
            live.seed(vec![summary], Vec::new());
        }
        let options = NavigateOptions {
            replace: true,
            ..NavigateOptions::default()
        };
        navigate(&path, options);
    });
}
