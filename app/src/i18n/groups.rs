//! The words about groups.

mod en;
mod hi;
mod ur;

use super::{Locale, Plural, Texts};

part! {
    groups: GroupTexts;
    // A new group.
    new_group group_title create creating people_label chosen_people take_out at_most is_member
    needs_script
    // Its details.
    details edit_details description description_hint members owner admin add_people add show_all
    members_failed actions_of make_admin take_admin hand_over remove rules only_admins_write
    only_admins_hint history history_hint leave
    // Why something is off.
    rule_not_member rule_groups rule_announcements rule_admins rule_owner rule_not_owner
    // What waits, and what was refused.
    waiting_changes waits not_done not_answered dismiss to_rename to_describe to_configure to_add to_remove
    to_leave to_admin to_member to_owner to_change
    // What is asked once.
    ask_remove ask_remove_text remove_now ask_leave ask_leave_text leave_successor leave_admin
    leave_member leave_either leave_last leave_now ask_owner ask_owner_text dissolve ask_dissolve
    ask_dissolve_text dissolve_now
    // What stands in for messages.
    conversation_in gone gone_hint alone
    // Notices. `by` is whoever did it, `to` whom it was done to. Before a postposition "somebody" has
    // another form in some languages.
    by by_you by_somebody to to_you listed_you somebody somebody_oblique created renamed described undescribed configured
    all_write admins_write history_all history_none added removed left left_owner left_owner_you dissolved
    made_admin made_member made_owner list_two list_three;
    members_count chosen others
}
