//! The draft that the tabs and devices of an account share.

use client::Draft;
use leptos::prelude::*;
use web_sys::HtmlTextAreaElement;

use super::Writing;
use crate::live::Redrafted;

impl Writing {
    /// Takes over what another tab or device makes of the draft, unless there is something else here.
    pub(in crate::components::composer) fn follow_others(self) {
        let redrafted = self.live.redrafted();
        Effect::new(move |was: Option<()>| {
            let change = redrafted.get();
            // What was told before this composer was here is in the draft that it shows.
            if let (Some(()), Some(change)) = (was, change)
                && change.conversation == self.id
            {
                self.follow(change);
            }
        });
    }

    fn follow(self, Redrafted { before, now, .. }: Redrafted) {
        let Some(node) = self.node.get_untracked() else {
            return;
        };
        let now = now.unwrap_or_else(|| Draft {
            text: String::new(),
            caret: 0,
            reply_to: None,
        });
        if self.is_editing() {
            self.follow_apart(&before, now);
        } else if node.value() == before || node.value() == self.own.get_value() {
            let answers = self.mode.get_untracked().reply_to();
            if now.text != node.value() || now.reply_to != answers {
                self.show(&node, now);
            }
        }
    }

    /// A message is being edited: what stands here again afterwards is the draft as it is then.
    fn follow_apart(self, before: &str, now: Draft) {
        self.apart.update_value(|apart| {
            if let Some((kept, _)) = apart
                && kept.text == before
            {
                self.own.set_value(now.text.clone());
                *kept = now;
            }
        });
    }

    /// Lets the shared draft stand in the composer.
    pub(super) fn show(self, node: &HtmlTextAreaElement, draft: Draft) {
        self.put(node, &draft);
        self.own.set_value(draft.text);
    }

    /// Whether the shared draft is what was sent here, or what this composer made of it. Another
    /// tab's draft outlives what was sent here.
    pub(super) fn is_own(self, sent: &str) -> bool {
        let shared = self.live.draft(self.id).map(|draft| draft.text);
        let own = self.own.get_value();
        shared.is_none_or(|shared| shared == own || shared == sent)
    }
}
