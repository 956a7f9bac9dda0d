//! Folders in object stores.

use std::borrow::Cow;

use super::{Invalid, Value, scan};

/// `s3://bucket` or `s3://bucket/folder`, without a slash at the end. Buckets are named as Amazon wants: 3 to 63 lower-case
/// letters, digits, `.` and `-`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BucketUrl(String);

impl Value for BucketUrl {
    const WHAT: &'static str = "a folder in an object store";
    const EXAMPLES: &'static [&'static str] = &["s3://acme-backups", "s3://acme-backups/postgresql"];
    const MAX_LEN: usize = 200;

    fn pattern() -> Cow<'static, str> {
        r"^s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?:/[A-Za-z0-9._=-]+)*$".into()
    }

    fn parse(text: &str) -> Result<Self, Invalid> {
        scan::bounded::<Self>(text)?;
        let refusal = |why: &str| Err(Invalid::of::<Self>(text, why));
        let Some(rest) = text.strip_prefix("s3://") else {
            return refusal("it does not begin with `s3://`");
        };
        let mut parts = rest.split('/');
        let bucket = parts.next().unwrap_or_default();
        let ends = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        let is_bucket = (3..=63).contains(&bucket.len())
            && bucket.chars().all(|c| ends(c) || c == '.' || c == '-')
            && bucket.starts_with(ends)
            && bucket.ends_with(ends);
        if !is_bucket {
            return refusal("a bucket has 3 to 63 lower-case letters, digits, `.` and `-`");
        }
        let is_folder = |part: &str| {
            !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || "._=-".contains(c))
        };
        if parts.all(is_folder) {
            Ok(Self(text.to_owned()))
        } else {
            refusal("a folder has an unusual name or none")
        }
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::super::agreement::{accepts, refuses};
    use super::*;

    #[test]
    fn folders() {
        accepts::<BucketUrl>(&[("s3://abc", "s3://abc"), ("s3://a.b-c/d/E.f", "s3://a.b-c/d/E.f")]);
        refuses::<BucketUrl>(&[
            ("https://abc", "s3://", "s3://acme"),
            ("s3://ab", "3 to 63", "s3://acme"),
            ("s3://abc/", "folder", "s3://acme"),
            ("s3://Abc", "lower-case", "s3://acme"),
        ]);
    }
}
