//! Clearing a conversation: all that is in it is deleted for the reader alone.

use leptos::html::Dialog;
use leptos::prelude::*;
use protocol::{ConversationId, Dismissal, SavedPlace, Seq};

use super::Organising;
use crate::components::actions::sheet::close;
use crate::ui::{Glyph, Icon};

const TEXT_ID: &str = "clear-text";

/// The question. The first button leaves everything as it is.
#[component]
pub fn Clear(
    /// Of which conversation.
    id: ConversationId,
    /// What is done with it.
    organising: Organising,
    /// The dialog that it is in, closed when it is answered.
    node: NodeRef<Dialog>,
) -> impl IntoView {
    let t = organising.t;
    let d = t.dismissing();
    let clear = move |_| {
        close(node);
        organising.clear(id);
    };
    view! {
        <p class="sheet-what">{d.ask_clear}</p>
        <p class="sheet-what" id=TEXT_ID>
            {d.clear_text}
        </p>
        <ul class="sheet-list" data-testid="clear">
            <li>
                <button type="button" aria-describedby=TEXT_ID on:click=move |_| close(node)>
                    <Icon glyph=Glyph::Close />
                    <span>{t.cancel}</span>
                </button>
            </li>
            <li>
                <button type="button" class="danger" aria-describedby=TEXT_ID on:click=clear>
                    <Icon glyph=Glyph::Bin />
                    <span>{d.clear_now}</span>
                </button>
            </li>
        </ul>
    }
}

impl Organising {
    /// Deletes all that is in a conversation by now, for the reader alone.
    fn clear(self, conversation: ConversationId) {
        let summary = self.live.conversation(conversation).summary;
        let last = summary.with_untracked(|it| it.as_ref().map_or(Seq::ZERO, |it| it.last_seq));
        if last > Seq::ZERO {
            let place = SavedPlace {
                conversation,
                seq: last,
            };
            self.live.dismiss(place, Dismissal::ThisAndBefore);
            if let Some(speaker) = self.speaker {
                speaker.tell(self.t.dismissing().cleared.to_owned());
            }
        }
    }
}
