//! English.

use super::{AccountTexts, Locale, Plural};

pub(super) static TEXTS: AccountTexts = AccountTexts {
    locale: Locale::En,
    title: "Account",
    hint: "Your username and email address cannot be changed yet.",
    change_name: "Name",
    save_name: "Save name",
    saving_name: "Saving…",
    name_saved: "Your name is saved.",
    change_password: "Password",
    current_password: "Current password",
    new_password: "New password",
    password_hint: "Saving it signs out all your other devices.",
    save_password: "Change password",
    saving_password: "Changing…",
    wrong_password: "This is not your current password.",
    password_saved: "Your password is changed.",
    nobody_else: "No other device was signed in.",
    devices_left: "Some other devices may still be signed in. End their sessions:",
    others_left: Plural {
        one: "{count} other device was signed out.",
        other: "{count} other devices were signed out.",
    },
};
