//! Making groups, and who is in them. Whatever happens to a group afterwards goes by the socket.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use protocol::{ConversationId, ConversationSummary, Member, SendId, UserId};

use super::ApiError;

/// A group of the caller, who owns it, and others. The same `send_id` again is the same group.
#[server(endpoint = "create_group")]
pub async fn create_group(
    /// Fresh for each group, the same for every attempt.
    send_id: SendId,
    /// What it is called.
    title: String,
    /// Whom to add, as by [`joined`].
    users: String,
) -> Result<ConversationSummary, ApiError> {
    super::backend::create_group(send_id, &title, &users).await
}

/// Members of a conversation by user id, at most [`protocol::limits::SUMMARY_MEMBERS`].
#[server(endpoint = "group_members", input = GetUrl)]
pub async fn group_members(
    /// Which.
    conversation: ConversationId,
    /// The last one known; empty from the beginning.
    after: String,
) -> Result<Vec<Member>, ApiError> {
    super::backend::group_members(conversation, &after).await
}

/// Ids in one value.
#[must_use]
pub fn joined(users: &[UserId]) -> String {
    let ids: Vec<String> = users.iter().map(ToString::to_string).collect();
    ids.join(",")
}

/// What [`joined`] made. `None` if something in it is no id.
#[must_use]
pub fn parted(users: &str) -> Option<Vec<UserId>> {
    let ids = users.split(',').filter(|id| !id.is_empty());
    ids.map(|id| id.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_go_into_one_value_and_come_out_again() {
        let ids = [1, 2].map(|n| UserId::from_bytes([n; 16]));
        for some in [&ids[..0], &ids[..1], &ids[..]] {
            assert_eq!(parted(&joined(some)).as_deref(), Some(some));
        }
        assert_eq!(parted("x"), None);
        assert_eq!(parted(&format!("{},nobody", ids[0])), None);
    }
}
