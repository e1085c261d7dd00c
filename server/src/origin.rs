//! Which web origin is ours. Decides what is cross-site (RFC 6454).

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use http::Uri;

/// A text that is not an origin this server can have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not of the form http://host[:port] or https://host[:port]")]
pub struct OriginError;

/// Scheme, host and port as a browser writes them in `Origin`: lower case, the scheme's own
/// port left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    text: String,
    secure: bool,
    loopback: bool,
}

impl Origin {
    /// Whether it is reached by https.
    #[must_use]
    pub const fn is_secure(&self) -> bool {
        self.secure
    }

    /// Whether it names this machine only.
    #[must_use]
    pub const fn is_loopback(&self) -> bool {
        self.loopback
    }

    /// The text of the `Origin` header.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for Origin {
    type Err = OriginError;

    fn from_str(text: &str) -> Result<Self, OriginError> {
        let uri: Uri = text.parse().map_err(|_| OriginError)?;
        let secure = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err(OriginError),
        };
        let authority = uri.authority().ok_or(OriginError)?;
        let has_more = uri
            .path_and_query()
            .is_some_and(|rest| rest.as_str() != "/");
        if has_more || authority.as_str().contains('@') || authority.host().is_empty() {
            return Err(OriginError);
        }
        let scheme = if secure { "https" } else { "http" };
        let host = authority.host().to_ascii_lowercase();
        let own_port = if secure { 443 } else { 80 };
        let text = match authority.port_u16() {
            Some(port) if port != own_port => format!("{scheme}://{host}:{port}"),
            _ => format!("{scheme}://{host}"),
        };
        let loopback = names_loopback(&host);
        Ok(Self {
            text,
            secure,
            loopback,
        })
    }
}

/// How this server knows its own origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum OwnOrigin {
    /// It was configured.
    Fixed(Origin),
    /// It was not: the address in the browser's bar, as long as that is this machine's name
    /// for itself or a bare IP address. A page elsewhere cannot pretend to be one of those by
    /// pointing its own name here (DNS rebinding).
    AsAddressed,
}

impl OwnOrigin {
    /// Whether a request with this `Origin`, sent to this `Host`, comes from our own pages.
    pub(crate) fn accepts(&self, origin: &str, host: Option<&str>) -> bool {
        match self {
            Self::Fixed(own) => own.as_str() == origin,
            Self::AsAddressed => self.of_host(host).is_some_and(|own| own.as_str() == origin),
        }
    }

    /// The origin that a request sent to this `Host` was meant for, if it is ours.
    pub(crate) fn of_host(&self, host: Option<&str>) -> Option<Origin> {
        match self {
            Self::Fixed(own) => Some(own.clone()),
            Self::AsAddressed => {
                let own: Origin = format!("http://{}", host?).parse().ok()?;
                let authority = own.as_str().strip_prefix("http://")?;
                let name = host_of(authority);
                (own.is_loopback() || is_address(name)).then_some(own)
            }
        }
    }

    /// Whether cookies travel by https only.
    pub(crate) const fn is_secure(&self) -> bool {
        match self {
            Self::Fixed(own) => own.is_secure(),
            Self::AsAddressed => false,
        }
    }
}

/// The host of `host[:port]` or `[v6][:port]`.
fn host_of(authority: &str) -> &str {
    if authority.starts_with('[') {
        authority.split_inclusive(']').next().unwrap_or(authority)
    } else {
        authority.split(':').next().unwrap_or(authority)
    }
}

fn bare(host: &str) -> &str {
    host.strip_prefix('[')
        .and_then(|inner| inner.strip_suffix(']'))
        .unwrap_or(host)
}

fn is_address(host: &str) -> bool {
    bare(host).parse::<IpAddr>().is_ok()
}

fn names_loopback(host: &str) -> bool {
    host == "localhost"
        || host.ends_with(".localhost")
        || bare(host)
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_written_as_browsers_write_it() {
        for (text, expected) in [
            ("https://Chat.Example", "https://chat.example"),
            ("https://chat.example:443/", "https://chat.example"),
            ("http://chat.example:80", "http://chat.example"),
            ("http://[::1]:3000", "http://[::1]:3000"),
        ] {
            assert_eq!(text.parse::<Origin>().unwrap().as_str(), expected);
        }
        for text in [
            "chat.example",
            "ftp://chat.example",
            "https://chat.example/chat",
            "https://user@chat.example",
            "https://chat.example?x=1",
            "null",
            "",
        ] {
            assert!(text.parse::<Origin>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_configured_origin_is_the_only_one() {
        let own = OwnOrigin::Fixed("https://chat.example".parse().unwrap());
        assert!(own.accepts("https://chat.example", Some("anything")));
        for foreign in [
            "http://chat.example",
            "https://chat.example.evil.test",
            "https://chat.example:8443",
            "null",
            "",
        ] {
            assert!(!own.accepts(foreign, Some("chat.example")), "{foreign}");
        }
    }

    #[test]
    fn without_configuration_only_names_that_cannot_be_rebound_count() {
        let own = OwnOrigin::AsAddressed;
        for host in [
            "localhost:3000",
            "127.0.0.1:3000",
            "[::1]:3000",
            "192.168.1.5:80",
        ] {
            let origin = format!("http://{host}").parse::<Origin>().unwrap();
            assert!(own.accepts(origin.as_str(), Some(host)), "{host}");
        }
        assert!(!own.accepts(
            "http://rebound.evil.test:3000",
            Some("rebound.evil.test:3000")
        ));
        assert!(!own.accepts("http://evil.test", Some("127.0.0.1:3000")));
        assert!(!own.accepts("http://localhost:9999", Some("localhost:3000")));
        assert!(!own.accepts("https://localhost:3000", Some("localhost:3000")));
        assert!(!own.accepts("http://localhost:3000", None));
    }
}
