//! How patiently somebody is called: the bound of one try, and the tries.
//!
//! Knows no program: whether a client obeys what it is told is not known here. [`Patience::worst`] is what a call may take
//! if it does.

use crate::origin::{DEFAULT_RETRY, NodeId, Traced, Tracer, rule};
use crate::spec::external as spec;
use crate::value::{Duration, Value};

/// What a client does after a try that failed.
#[derive(Clone, Debug)]
pub struct Retry {
    /// its table
    pub at: NodeId,
    /// tries in all
    pub attempts: Traced<u32>,
    /// the first wait
    pub backoff: Traced<Duration>,
    /// the longest wait
    pub max_backoff: Traced<Duration>,
    /// whether twice is as good as once
    pub idempotent: Traced<bool>,
}

impl Retry {
    pub(super) fn resolve(table: &spec::Retry, tracer: &Tracer) -> Retry {
        let backoff = table.backoff.unwrap_or_else(|| rule(DEFAULT_RETRY, Duration::from_millis(100)));
        Retry {
            at: table.at,
            attempts: table.attempts.map(|attempts| attempts.get()),
            max_backoff: table.max_backoff.unwrap_or_else(|| {
                tracer.derive(DEFAULT_RETRY, (&backoff,), |(backoff,)| {
                    Duration::from_millis(backoff.millis().saturating_mul(10))
                })
            }),
            backoff,
            idempotent: table.idempotent.unwrap_or_else(|| rule(DEFAULT_RETRY, false)),
        }
    }

    /// The waits between the tries in milliseconds: each twice the one before, up to the longest.
    pub fn waits(&self) -> Vec<u64> {
        let (first, longest) = (self.backoff.get().millis(), self.max_backoff.get().millis());
        let wait =
            |index: u32| first.saturating_mul(1u64.checked_shl(index).unwrap_or(u64::MAX)).min(longest);
        (0..self.attempts.get().saturating_sub(1)).map(wait).collect()
    }
}

/// The bound of one try, and the tries.
#[derive(Clone, Copy, Debug)]
pub struct Patience<'a> {
    /// the longest that one try may take
    pub timeout: &'a Traced<Duration>,
    /// what the client does after a try that failed
    pub retry: Option<&'a Retry>,
}

impl Patience<'_> {
    /// Tries in all.
    pub fn attempts(self) -> u32 {
        self.retry.map_or(1, |retry| *retry.attempts.get())
    }

    /// The waits between the tries, in milliseconds.
    pub fn waits(self) -> Vec<u64> {
        self.retry.map(Retry::waits).unwrap_or_default()
    }

    /// The longest that a call may take with all its tries, in milliseconds: attempts x timeout + the waits between them.
    pub fn worst(self) -> u64 {
        let waits: u64 = self.waits().into_iter().fold(0, u64::saturating_add);
        u64::from(self.attempts()).saturating_mul(self.timeout.get().millis()).saturating_add(waits)
    }

    /// The formula of [`Patience::worst`] in numbers: `3 x 3s + 200ms + 400ms`.
    pub fn worst_terms(self) -> String {
        let mut terms = vec![format!("{} x {}", self.attempts(), self.timeout.get().text())];
        terms.extend(self.waits().into_iter().map(|wait| Duration::from_millis(wait).text().into_owned()));
        terms.join(" + ")
    }

    /// The most tries that fit into `millis`, at least one.
    pub fn attempts_within(self, millis: u64) -> u32 {
        let timeout = self.timeout.get().millis();
        let (mut fits, mut sum) = (1, timeout);
        for wait in self.waits() {
            sum = sum.saturating_add(wait).saturating_add(timeout);
            if sum > millis {
                break;
            }
            fits += 1;
        }
        fits
    }

    /// The longest time-out of one try with which all tries fit into `millis`, in whole seconds where it is one; none fits
    /// if the waits alone are longer.
    pub fn timeout_within(self, millis: u64) -> Option<Duration> {
        let waits: u64 = self.waits().into_iter().fold(0, u64::saturating_add);
        let each = millis.saturating_sub(waits) / u64::from(self.attempts());
        let timeout = Duration::from_millis(if each >= 1000 { each / 1000 * 1000 } else { each / 10 * 10 });
        (timeout.millis() > 0).then_some(timeout)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn retry(attempts: u32, backoff: u64, longest: u64) -> Retry {
        let of = |millis| rule(DEFAULT_RETRY, Duration::from_millis(millis));
        Retry {
            at: NodeId::new(0),
            attempts: rule(DEFAULT_RETRY, attempts),
            backoff: of(backoff),
            max_backoff: of(longest),
            idempotent: rule(DEFAULT_RETRY, true),
        }
    }

    #[test]
    fn waits_double_up_to_the_longest() {
        assert_eq!(retry(3, 200, 1000).waits(), [200, 400]);
        assert_eq!(retry(6, 200, 1000).waits(), [200, 400, 800, 1000, 1000]);
        assert!(retry(1, 200, 1000).waits().is_empty());
        assert_eq!(retry(20, u64::MAX / 4, u64::MAX).waits().len(), 19);
    }

    #[test]
    fn tries_and_times_that_fit_are_the_most_that_do() {
        let (retry, timeout) = (retry(3, 200, 1000), rule(DEFAULT_RETRY, Duration::from_seconds(2)));
        let patience = Patience { timeout: &timeout, retry: Some(&retry) };
        assert_eq!((patience.worst(), patience.worst_terms().as_str()), (6600, "3 x 2s + 200ms + 400ms"));
        assert_eq!([6600, 6599, 4200, 4199].map(|millis| patience.attempts_within(millis)), [3, 2, 2, 1]);
        assert_eq!(patience.timeout_within(6600), Some(Duration::from_seconds(2)));
        assert_eq!(patience.timeout_within(3000), Some(Duration::from_millis(800)));
        assert_eq!(patience.timeout_within(600), None);
    }
}
