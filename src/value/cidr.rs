//! Networks.

use std::borrow::Cow;

use ipnet::IpNet;

use super::{Invalid, Value, scan};

/// An IPv4 or IPv6 network with its prefix length (RFC 4632, RFC 4291): `10.0.0.0/8`, `fd00::/8`. No leading
/// zeros and no IPv4 part in an IPv6 address, which Kubernetes refuses too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cidr(IpNet);

impl Cidr {
    /// The network.
    pub fn net(self) -> IpNet {
        self.0
    }

    /// Whether every address of `other` lies in this network.
    pub fn covers(self, other: Self) -> bool {
        self.0.contains(&other.0)
    }
}

impl Value for Cidr {
    const WHAT: &'static str = "a network";
    const EXAMPLES: &'static [&'static str] = &["10.0.0.0/8", "203.0.113.7/32", "fd00::/8"];
    const MAX_LEN: usize = 43;

    fn pattern() -> Cow<'static, str> {
        let octet = scan::OCTET;
        let group = "[0-9A-Fa-f]{1,4}";
        // how many groups may stand before and after `::`
        let shortened = (1..=7).map(|before| {
            let after = 7 - before;
            match after {
                0 => format!("(?:{group}:){{1,7}}:"),
                _ => format!("(?:{group}:){{1,{before}}}(?::{group}){{1,{after}}}"),
            }
        });
        let mut forms = vec![format!("(?:{group}:){{7}}{group}")];
        forms.extend(shortened);
        forms.push(format!(":(?::{group}){{1,7}}"));
        forms.push("::".to_owned());
        let v6 = forms.join("|");
        format!(
            r"^(?:{octet}(?:\.{octet}){{3}}/(?:[0-9]|[12][0-9]|3[0-2])|(?:{v6})/(?:[0-9]|[1-9][0-9]|1[01][0-9]|12[0-8]))$"
        )
        .into()
    }

    fn parse(text: &str) -> Result<Self, Invalid> {
        scan::bounded::<Self>(text)?;
        let refuse = |why: &str| Invalid::of::<Self>(text, why);
        let Some((address, prefix)) = text.split_once('/') else {
            return Err(match text.parse::<std::net::IpAddr>() {
                Ok(address) => {
                    let bits = if address.is_ipv4() { 32 } else { 128 };
                    scan::propose::<Self>(refuse("the prefix length is missing"), &format!("{text}/{bits}"))
                }
                Err(_) => refuse("it must be an address, `/` and a prefix length"),
            });
        };
        if address.contains(':') && address.contains('.') {
            return Err(refuse("an IPv6 address with an IPv4 part is not supported"));
        }
        if prefix.len() > 1 && prefix.starts_with('0') {
            return Err(scan::propose::<Self>(
                refuse("its prefix length has a leading zero"),
                &format!("{address}/{}", prefix.trim_start_matches('0')),
            ));
        }
        if address.parse::<std::net::IpAddr>().is_err() {
            return Err(refuse("what stands before `/` is no IP address"));
        }
        match text.parse() {
            Ok(net) => Ok(Self(net)),
            Err(_) => Err(refuse("its prefix length must be 0 to 32 for IPv4, 0 to 128 for IPv6")),
        }
    }

    fn text(&self) -> Cow<'_, str> {
        self.0.to_string().into()
    }

    fn doubt(&self) -> Option<Invalid> {
        let network = self.0.trunc();
        (network != self.0).then(|| {
            Invalid::doubt(
                format!("`{}` has bits set beyond its prefix length", self.0),
                format!(
                    "write `{network}` for the network, or `{}/{}` for the one address",
                    self.0.addr(),
                    self.0.max_prefix_len()
                ),
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::agreement::{accepts, refuses};
    use super::*;

    #[test]
    fn networks() {
        accepts::<Cidr>(&[
            ("0.0.0.0/0", "0.0.0.0/0"),
            ("10.1.2.3/8", "10.1.2.3/8"),
            ("FD00:0:0::/8", "fd00::/8"),
            ("::/0", "::/0"),
            ("1:2:3:4:5:6:7::/128", "1:2:3:4:5:6:7:0/128"),
        ]);
        refuses::<Cidr>(&[
            ("10.0.0.1", "the prefix length is missing", "write `10.0.0.1/32`"),
            ("::1", "the prefix length is missing", "write `::1/128`"),
            ("10.0.0.0/08", "leading zero", "write `10.0.0.0/8`"),
            ("10.0.0.0/33", "0 to 32", "`10.0.0.0/8`"),
            ("10.0.0/8", "no IP address", "`10.0.0.0/8`"),
            ("010.0.0.0/8", "no IP address", "`10.0.0.0/8`"),
            ("::ffff:10.0.0.0/104", "IPv4 part", "`10.0.0.0/8`"),
            ("1::2::3/64", "no IP address", "`10.0.0.0/8`"),
            ("all", "an address, `/` and", "`10.0.0.0/8`"),
        ]);
        let net = |text| Cidr::parse(text).unwrap();
        let doubt = net("10.1.2.3/8").doubt().unwrap();
        assert!(doubt.help.unwrap().contains("write `10.0.0.0/8` for the network, or `10.1.2.3/32`"));
        assert_eq!(net("10.0.0.0/8").doubt(), None);
        assert!(
            net("10.0.0.0/8").covers(net("10.1.0.0/16")) && !net("10.1.0.0/16").covers(net("10.0.0.0/8"))
        );
    }
}
