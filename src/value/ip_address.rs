//! Addresses of single machines.

use std::borrow::Cow;
use std::net::IpAddr;

use super::{Invalid, Value, scan};

/// An IPv4 or IPv6 address, without a port and without a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IpAddress(IpAddr);

impl Value for IpAddress {
    const WHAT: &'static str = "an IP address";
    const EXAMPLES: &'static [&'static str] = &["203.0.113.7", "2001:db8::7"];
    const MAX_LEN: usize = 45;

    fn pattern() -> Cow<'static, str> {
        let byte = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
        format!(r"^(?:{byte}\.){{3}}{byte}$|^(?=.*:)[0-9A-Fa-f:.]+$").into()
    }

    fn parse(text: &str) -> Result<Self, Invalid> {
        scan::bounded::<Self>(text)?;
        text.parse().map(Self).map_err(|_| Invalid::of::<Self>(text, "it is neither IPv4 nor IPv6"))
    }

    fn text(&self) -> Cow<'_, str> {
        self.0.to_string().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        assert_eq!(IpAddress::parse("203.0.113.7").unwrap().text(), "203.0.113.7");
        assert_eq!(IpAddress::parse("2001:DB8::7").unwrap().text(), "2001:db8::7");
        for wrong in ["10.0.0.0/8", "10.0.0", "host", "10.0.0.1:80", "010.0.0.1"] {
            assert!(IpAddress::parse(wrong).unwrap_err().help.is_some(), "{wrong}");
        }
    }
}
