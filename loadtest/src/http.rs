//! As much of HTTP/1.1 as signing up needs: one connection kept open, form posts out, status,
//! cookies and body back.

use std::net::SocketAddr;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use crate::failure::{During, Failure, Outcome};

/// Largest body that is read.
const BODY: usize = 1024 * 1024;

/// A connection to the server.
pub(crate) struct Http {
    address: SocketAddr,
    stream: BufReader<TcpStream>,
}

/// What came back.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Names and values of the cookies that were set.
    pub(crate) cookies: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Answer {
    /// The value of a cookie.
    pub(crate) fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies
            .iter()
            .find_map(|(key, value)| (key == name).then_some(value.as_str()))
    }

    /// The body, if all went well.
    pub(crate) fn ok(self) -> Outcome<Self> {
        if (200..300).contains(&self.status) {
            Ok(self)
        } else {
            Err(Failure::new(format!("{}: {}", self.status, self.body)))
        }
    }
}

impl Http {
    pub(crate) async fn connect(address: SocketAddr) -> Outcome<Self> {
        let tcp = TcpStream::connect(address).await.during("connecting")?;
        tcp.set_nodelay(true)?;
        Ok(Self {
            address,
            stream: BufReader::with_capacity(4 * 1024, tcp),
        })
    }

    pub(crate) async fn get(&mut self, path: &str, token: Option<&str>) -> Outcome<Answer> {
        let head = format!(
            "GET {path} HTTP/1.1\r\nhost: {}\r\naccept: application/json\r\n{}\r\n",
            self.address,
            bearer(token),
        );
        self.exchange(head.as_bytes()).await
    }

    /// Posts a form, as a program that wants JSON back.
    pub(crate) async fn post(
        &mut self,
        path: &str,
        token: Option<&str>,
        fields: &[(&str, &str)],
    ) -> Outcome<Answer> {
        let body: Vec<String> = fields
            .iter()
            .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
            .collect();
        let body = body.join("&");
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: {address}\r\norigin: http://{address}\r\n\
             accept: application/json\r\n{token}\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {length}\r\n\r\n{body}",
            address = self.address,
            token = bearer(token),
            length = body.len(),
        );
        self.exchange(request.as_bytes()).await
    }

    async fn exchange(&mut self, request: &[u8]) -> Outcome<Answer> {
        self.stream.write_all(request).await?;
        let mut answer = Answer::default();
        let status = self.line().await?;
        answer.status = status
            .split_whitespace()
            .nth(1)
            .and_then(|code| code.parse().ok())
            .ok_or_else(|| Failure::new(format!("not HTTP: {status}")))?;
        let mut length = 0;
        let mut chunked = false;
        loop {
            let line = self.line().await?;
            if line.is_empty() {
                break;
            }
            let Some((name, value)) = line.split_once(':') else {
                continue;
            };
            let value = value.trim();
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.parse()?,
                "transfer-encoding" => chunked = value.eq_ignore_ascii_case("chunked"),
                "set-cookie" => answer.cookies.extend(cookie(value)),
                _ => {}
            }
        }
        let body = if chunked {
            self.chunks().await?
        } else {
            self.exactly(length).await?
        };
        answer.body = String::from_utf8_lossy(&body).into_owned();
        Ok(answer)
    }

    async fn line(&mut self) -> Outcome<String> {
        let mut line = String::new();
        if self.stream.read_line(&mut line).await? == 0 {
            return Err(Failure::new("the connection ended"));
        }
        Ok(line.trim_end().to_owned())
    }

    async fn exactly(&mut self, length: usize) -> Outcome<Vec<u8>> {
        if length > BODY {
            return Err(Failure::new(format!("a body of {length} bytes")));
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).await?;
        Ok(body)
    }

    async fn chunks(&mut self) -> Outcome<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let size = self.line().await?;
            let size = usize::from_str_radix(size.split(';').next().unwrap_or_default(), 16)?;
            body.extend(self.exactly(size).await?);
            self.line().await?;
            if size == 0 {
                return Ok(body);
            }
            if body.len() > BODY {
                return Err(Failure::new("a body without end"));
            }
        }
    }
}

/// The header line of an access token.
fn bearer(token: Option<&str>) -> String {
    token.map_or_else(String::new, |token| {
        format!("authorization: Bearer {token}\r\n")
    })
}

/// Name and value of `name=value; Path=/; ..`.
fn cookie(header: &str) -> Option<(String, String)> {
    let (name, value) = header.split(';').next()?.split_once('=')?;
    Some((name.trim().to_owned(), value.trim().to_owned()))
}

/// Percent-encodes everything but unreserved characters.
fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{cookie, encode};

    #[test]
    fn fields_are_encoded() {
        assert_eq!(encode("a b@c"), "a%20b%40c");
    }

    #[test]
    fn a_cookie_is_its_name_and_value() {
        let set = cookie("access=abc.def; HttpOnly; Path=/");
        assert_eq!(set, Some(("access".to_owned(), "abc.def".to_owned())));
        assert_eq!(cookie("nothing"), None);
    }
}
