//! The Kubernetes version of a cluster.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use super::{Invalid, Value, scan};

/// A minor version of Kubernetes: `1.36`. Every `1.N` parses; [`Value::doubt`] refuses those that specc has no
/// tables for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KubernetesVersion(u8);

impl KubernetesVersion {
    /// The minor versions whose APIs specc knows.
    pub const SUPPORTED: RangeInclusive<u8> = 31..=37;

    /// What most clusters ran when this release was made; used where an environment names none.
    pub const USUAL: Self = Self(36);

    /// The version `1.<minor>`; `minor` is at most 99.
    pub fn new(minor: u8) -> Option<Self> {
        (minor <= 99).then_some(Self(minor))
    }

    /// 36 for `1.36`.
    pub fn minor(self) -> u8 {
        self.0
    }
}

impl Value for KubernetesVersion {
    const WHAT: &'static str = "a Kubernetes version";
    const EXAMPLES: &'static [&'static str] = &["1.36"];
    const MAX_LEN: usize = 4;

    fn pattern() -> Cow<'static, str> {
        r"^1\.(?:0|[1-9][0-9]?)$".into()
    }

    fn parse(text: &str) -> Result<Self, Invalid> {
        let minor = text.strip_prefix("1.").and_then(|minor| match minor {
            "0" => Some(0),
            other => scan::whole(other, 2).and_then(|minor| u8::try_from(minor).ok()),
        });
        minor.map(Self).ok_or_else(|| {
            let bare = text.strip_prefix(['v', 'V']).unwrap_or(text);
            let short: Vec<_> = bare.split('.').take(2).collect();
            let refusal =
                Invalid::of::<Self>(text, "it must be the minor version, without `v` and patch number");
            let proposal = short.join(".");
            if proposal == text { refusal } else { scan::propose::<Self>(refusal, &proposal) }
        })
    }

    fn text(&self) -> Cow<'_, str> {
        format!("1.{}", self.0).into()
    }

    fn doubt(&self) -> Option<Invalid> {
        let (first, last) = (Self::SUPPORTED.start(), Self::SUPPORTED.end());
        (!Self::SUPPORTED.contains(&self.0)).then(|| {
            Invalid::doubt(
                format!("Kubernetes `1.{}` is not known to this version of specc", self.0),
                format!("write a version between `1.{first}` and `1.{last}`"),
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::agreement::{accepts, refuses};
    use super::*;

    #[test]
    fn versions() {
        accepts::<KubernetesVersion>(&[("1.36", "1.36"), ("1.0", "1.0"), ("1.99", "1.99")]);
        refuses::<KubernetesVersion>(&[
            ("v1.36", "without `v`", "write `1.36`"),
            ("1.36.2", "patch number", "write `1.36`"),
            ("1", "minor version", "`1.36`"),
            ("1.036", "minor version", "`1.36`"),
            ("2.1", "minor version", "`1.36`"),
        ]);
        let doubt = |text| KubernetesVersion::parse(text).unwrap().doubt();
        assert_eq!((doubt("1.31"), doubt("1.37")), (None, None));
        assert!(doubt("1.30").is_some() && doubt("1.38").unwrap().help.unwrap().contains("`1.37`"));
    }
}
