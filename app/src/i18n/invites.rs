//! The words about links by which groups are joined.

mod en;
mod hi;
mod ur;

use super::{Locale, Plural, Texts};

part! {
    invites: InviteTexts;
    // In the details of a group.
    links links_hint make lifetime hour day week forever uses one ten hundred any make_now making
    made made_hint link copy copied share done none failed made_by until endless used_of
    expired used_up void revoke revoke_of ask_revoke ask_revoke_text
    // The page where a link leads.
    title invites join joining seen_by full full_hint dead dead_hint enter
    // For whoever is not signed in.
    sign_in_first
    // In the conversation.
    joined joined_yours;
    used
}
