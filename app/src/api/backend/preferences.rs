//! How a person wants the interface, as cookies.

use http::header::SET_COOKIE;
use protocol::ErrorCode;

use super::{append, info, refuse};
use crate::api::{ApiError, cookies};
use crate::i18n::Locale;
use crate::preferences::{TEXT_SIZES, Theme, filter_code, filter_from};

pub(in crate::api) fn set_preferences(
    locale: &str,
    theme: &str,
    text_size: &str,
    filter: &str,
) -> Result<(), ApiError> {
    let info = info()?;
    let malformed = || refuse(ErrorCode::Malformed.into());
    let remember = |name, value: &str| {
        append(SET_COOKIE, &cookies::preference(name, value, info.secure));
    };
    if !locale.is_empty() {
        let locale = Locale::from_tag(locale).ok_or_else(malformed)?;
        remember(cookies::LOCALE, locale.code());
    }
    if !theme.is_empty() {
        let theme = Theme::from_code(theme).ok_or_else(malformed)?;
        remember(cookies::THEME, theme.code());
    }
    if !text_size.is_empty() {
        let size: u8 = text_size.parse().map_err(|_| malformed())?;
        if !TEXT_SIZES.contains(&size) {
            return Err(malformed());
        }
        remember(cookies::TEXT_SIZE, &size.to_string());
    }
    if !filter.is_empty() {
        let filter = filter_from(filter).ok_or_else(malformed)?;
        remember(cookies::FILTER, &filter_code(filter));
    }
    Ok(())
}
