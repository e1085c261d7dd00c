//! The words of the bar over the composer.

mod en;
mod hi;
mod ur;

use super::{Locale, Texts};

part! {
    formatting: FormattingTexts;
    more title emoji bold italic strike code list quote hidden link;
}
