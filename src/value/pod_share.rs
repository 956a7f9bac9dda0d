//! A number of pods, or a share of them.

use std::borrow::Cow;

use super::{Invalid, Value, scan};

/// So many pods, or so many percent of them: what `maxSurge` and `maxUnavailable` take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PodShare {
    /// a number of pods
    Pods(u32),
    /// percent of the wanted number, 0 to 100
    Percent(u32),
}

impl PodShare {
    /// The most pods that this may be of `wanted`: shares are rounded up.
    ///
    /// Source: Kubernetes docs, "Deployments", Max Surge.
    pub fn at_most(self, wanted: u32) -> u32 {
        match self {
            Self::Pods(pods) => pods,
            Self::Percent(percent) => wanted.saturating_mul(percent).div_ceil(100),
        }
    }

    /// The fewest pods that this may be of `wanted`: shares are rounded down.
    ///
    /// Source: Kubernetes docs, "Deployments", Max Unavailable.
    pub fn at_least(self, wanted: u32) -> u32 {
        match self {
            Self::Pods(pods) => pods,
            Self::Percent(percent) => wanted.saturating_mul(percent) / 100,
        }
    }
}

impl Value for PodShare {
    const WHAT: &'static str = "a number or share of pods";
    const EXAMPLES: &'static [&'static str] = &["25%", "1"];
    const MAX_LEN: usize = 4;

    fn pattern() -> Cow<'static, str> {
        "^(?:0|[1-9][0-9]{0,3}|(?:[0-9]|[1-9][0-9]|100)%)$".into()
    }

    fn parse(text: &str) -> Result<Self, Invalid> {
        scan::bounded::<Self>(text)?;
        let (digits, is_share) = text.strip_suffix('%').map_or((text, false), |digits| (digits, true));
        let plain = digits == "0" || !digits.starts_with('0');
        let number = digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse::<u32>().ok()).flatten();
        match number.filter(|_| plain) {
            Some(percent @ 0..=100) if is_share => Ok(Self::Percent(percent)),
            Some(pods) if !is_share => Ok(Self::Pods(pods)),
            _ => Err(Invalid::of::<Self>(text, "it is neither a whole number nor 0% to 100%")),
        }
    }

    fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Pods(pods) => pods.to_string().into(),
            Self::Percent(percent) => format!("{percent}%").into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::agreement::{accepts, refuses};
    use super::*;

    #[test]
    fn shares() {
        accepts::<PodShare>(&[("25%", "25%"), ("0", "0"), ("100%", "100%"), ("12", "12")]);
        refuses::<PodShare>(&[
            ("101%", "neither", "25%"),
            ("-1", "neither", "25%"),
            ("1.5", "neither", "25%"),
        ]);
    }

    #[test]
    fn rounding_follows_the_deployment_controller() {
        assert_eq!(PodShare::Percent(25).at_most(3), 1);
        assert_eq!(PodShare::Percent(25).at_least(3), 0);
        assert_eq!(PodShare::Pods(2).at_most(10), 2);
    }
}
