//! हिन्दी

use super::{ForwardingTexts, Locale, Plural};

pub(super) static TEXTS: ForwardingTexts = ForwardingTexts {
    locale: Locale::Hi,
    forward: "आगे भेजें",
    forwarded: "आगे भेजा गया",
    find: "बातचीत खोजें",
    none_found: "इस नाम की कोई बातचीत नहीं है।",
    at_most: "एक बार में अधिकतम {count} बातचीत।",
    refused: "सब कुछ आगे नहीं भेजा गया: बहुत से संदेश रुके हुए हैं।",
    chosen: Plural {
        one: "{count} बातचीत चुनी गई",
        other: "{count} बातचीत चुनी गईं",
    },
    forwarded_to: Plural {
        one: "{count} बातचीत में आगे भेजा गया",
        other: "{count} बातचीतों में आगे भेजा गया",
    },
};
