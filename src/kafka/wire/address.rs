//! `HOST[:PORT]` as people write it and brokers advertise it.
use super::error::{Cause, Error};
use std::{fmt, str::FromStr};

/// Kafka's usual port.
const PORT: u16 = 9092;

/// Where a broker listens. The host is a name or an address without brackets.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Address {
    pub host: String,
    pub port: u16,
}

impl FromStr for Address {
    type Err = Error;

    /// `host`, `host:port`, `[::1]`, `[::1]:port`, `::1`.
    fn from_str(text: &str) -> Result<Self, Error> {
        let (host, port) = split(text.trim());
        let port = match port {
            None => PORT,
            Some(digits) => digits
                .parse()
                .ok()
                .filter(|&p| p > 0)
                .ok_or_else(|| bad(text, "the port is no number from 1 to 65535"))?,
        };
        if host.is_empty() || host.contains(|c: char| c.is_whitespace() || matches!(c, '/' | '[' | ']' | ',')) {
            return Err(bad(text, "this is no host name"));
        }
        Ok(Self { host: host.to_owned(), port })
    }
}

/// Host and port text. A name with several colons and no brackets is a bare IPv6 address.
fn split(text: &str) -> (&str, Option<&str>) {
    if let Some((host, rest)) = text.strip_prefix('[').and_then(|t| t.split_once(']')) {
        return (host, if rest.is_empty() { None } else { Some(rest.strip_prefix(':').unwrap_or(rest)) });
    }
    match text.split_once(':') {
        Some((host, port)) if !port.contains(':') => (host, Some(port)),
        _ => (text, None),
    }
}

fn bad(text: &str, why: &str) -> Error {
    Error::new(format!("reading the address {text:?}"), Cause::BadAddress(why.to_owned()))
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(f, "[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{}:{}", self.host, self.port)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_people_write_an_address_is_read() {
        let cases = [
            ("localhost", "localhost:9092"),
            ("kafka-1.example:19092", "kafka-1.example:19092"),
            (" 10.0.0.4:9093 ", "10.0.0.4:9093"),
            ("[::1]", "[::1]:9092"),
            ("[fe80::2]:9094", "[fe80::2]:9094"),
            ("::1", "[::1]:9092"),
        ];
        for (text, read) in cases {
            assert_eq!(text.parse::<Address>().unwrap().to_string(), read);
        }
    }

    #[test]
    fn what_is_no_address_is_refused_in_words() {
        for text in ["", ":9092", "host:0", "host:99999", "host:http", "http://host", "[::1]9092x", "two words", "a,b"]
        {
            let error = text.parse::<Address>().unwrap_err();
            assert!(matches!(error.cause, Cause::BadAddress(_)), "{text:?} was read as an address");
        }
    }
}
