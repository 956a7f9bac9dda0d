//! Container images: repository, tag, digest and the reference made of them.
//!
//! The grammar is that of `github.com/distribution/reference`, narrowed: the registry must be written and be
//! lower-case, and the only digest is sha256.

use std::borrow::Cow;

use super::{Invalid, Value, quoted, scan};

/// Where an image lives, without tag and digest: `registry.acme.dev/checkout/orders`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ImageRepository(pub(super) String);

/// The tag of an image: `1.4.2`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tag(pub(super) String);

/// The digest of an image: `sha256:` and 64 hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub(super) String);

/// An image: a repository, optionally a tag, optionally a digest.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ImageRef {
    repository: ImageRepository,
    tag: Option<Tag>,
    digest: Option<Digest>,
}

const TAG: &str = "[A-Za-z0-9_][-A-Za-z0-9_.]{0,127}";
const DIGEST: &str = "sha256:[0-9a-f]{64}";

fn repository_pattern() -> String {
    let (label, port) = (scan::LABEL, scan::PORT);
    let registry = format!(r"(?:(?:localhost|{label}(?:\.{label})+)(?::{port})?|{label}:{port})");
    let part = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
    format!("{registry}/{part}(?:/{part})*")
}

impl ImageRepository {
    /// The registry, with its port if it has one.
    pub fn registry(&self) -> &str {
        self.0.split_once('/').map_or(&*self.0, |(registry, _)| registry)
    }

    /// What stands behind the registry: `checkout/orders`.
    pub fn path(&self) -> &str {
        self.0.split_once('/').map_or("", |(_, path)| path)
    }
}

/// What keeps a text from being a repository, and a better text.
fn repository_problem(text: &str) -> Option<(String, Option<String>)> {
    let Some((registry, path)) = text.split_once('/') else {
        return Some(("the registry is missing".to_owned(), Some(format!("docker.io/library/{text}"))));
    };
    let (host, port) = registry.split_once(':').map_or((registry, None), |(host, port)| (host, Some(port)));
    if port.is_none() && !registry.contains('.') && registry != "localhost" {
        return Some((
            format!("the registry is missing, {} is none", quoted(registry)),
            Some(format!("docker.io/{text}")),
        ));
    }
    if port.is_some_and(|port| scan::port(port).is_none()) {
        return Some((format!("the port of its registry {} is wrong", quoted(registry)), None));
    }
    let folded = || Some(text.to_ascii_lowercase()).filter(|folded| folded != text);
    if let Some(problem) = scan::dns_problem(host, usize::MAX, false) {
        return Some((format!("its registry {} is wrong: {problem}", quoted(registry)), folded()));
    }
    path.split('/').find_map(part_problem).map(|problem| (problem, folded()))
}

fn part_problem(part: &str) -> Option<String> {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-".contains(c);
    if part.is_empty() {
        return Some("a part of its path is empty".to_owned());
    }
    if let Some(problem) = scan::stranger(part, allowed, "lower-case letters, digits, `.`, `_` and `-`") {
        return Some(problem);
    }
    let mut separators = part.split(|c: char| c.is_ascii_alphanumeric());
    let outer = |text: Option<&str>| text.is_some_and(|text| !text.is_empty());
    if outer(separators.clone().next()) || outer(separators.clone().next_back()) {
        return Some(format!("{} does not begin and end with a letter or digit", quoted(part)));
    }
    let wrong = |text: &&str| !matches!(*text, "" | "." | "_" | "__") && text.contains(|c| c != '-');
    separators.find(wrong).map(|found| format!("{} may not stand in it", quoted(found)))
}

impl Value for ImageRepository {
    const WHAT: &'static str = "an image repository";
    const EXAMPLES: &'static [&'static str] =
        &["registry.acme.dev/checkout/orders", "docker.io/library/redis", "localhost:5000/orders"];
    const MAX_LEN: usize = 255;

    fn pattern() -> Cow<'static, str> {
        format!("^{}$", repository_pattern()).into()
    }

    fn parse(text: &str) -> Result<Self, Invalid> {
        scan::bounded::<Self>(text)?;
        let Some((problem, better)) = repository_problem(text) else {
            return Ok(Self(text.to_owned()));
        };
        let (repository, tag, digest) = split(text);
        if tag.is_some() || digest.is_some() {
            let refusal = Invalid::of::<Self>(text, "a tag or digest has its own place");
            return Err(scan::propose::<Self>(refusal, repository));
        }
        let refusal = Invalid::of::<Self>(text, problem);
        Err(match better {
            Some(better) => scan::propose::<Self>(refusal, &better),
            None => refusal,
        })
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.0)
    }

    fn doubt(&self) -> Option<Invalid> {
        (self.registry() == "docker.io" && !self.path().contains('/')).then(|| {
            Invalid::doubt(
                format!("`{}` is a short name that Docker Hub rewrites", self.0),
                format!("write `docker.io/library/{}`", self.path()),
            )
        })
    }
}

impl Value for Tag {
    const WHAT: &'static str = "an image tag";
    const EXAMPLES: &'static [&'static str] = &["1.4.2", "v2-alpine"];
    const MAX_LEN: usize = 128;

    fn pattern() -> Cow<'static, str> {
        format!("^{TAG}$").into()
    }

    fn parse(text: &str) -> Result<Self, Invalid> {
        scan::bounded::<Self>(text)?;
        let allowed = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
        let problem = scan::stranger(text, allowed, "letters, digits, `-`, `_` and `.`")
            .or_else(|| text.starts_with(['-', '.']).then(|| "it may not begin with `-` or `.`".to_owned()));
        match problem {
            None => Ok(Self(text.to_owned())),
            Some(problem) => {
                let fixed: String = text.chars().map(|c| if allowed(c) { c } else { '-' }).collect();
                let fixed = fixed.trim_start_matches(['-', '.']);
                let refusal = Invalid::of::<Self>(text, problem);
                Err(if fixed.is_empty() { refusal } else { refusal.with_help(format!("write `{fixed}`")) })
            }
        }
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.0)
    }
}

impl Digest {
    /// The 64 hexadecimal digits.
    pub fn hex(&self) -> &str {
        self.0.strip_prefix("sha256:").unwrap_or(&self.0)
    }
}

impl Value for Digest {
    const WHAT: &'static str = "an image digest";
    const EXAMPLES: &'static [&'static str] =
        &["sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"];
    const MAX_LEN: usize = 71;

    fn pattern() -> Cow<'static, str> {
        format!("^{DIGEST}$").into()
    }

    fn parse(text: &str) -> Result<Self, Invalid> {
        scan::bounded::<Self>(text)?;
        let refuse = |why: String| Invalid::of::<Self>(text, why);
        let Some(hex) = text.strip_prefix("sha256:") else {
            return Err(scan::propose::<Self>(
                refuse("it does not begin with `sha256:`".to_owned()),
                &format!("sha256:{text}"),
            ));
        };
        let allowed = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
        if let Some(problem) = scan::stranger(hex, allowed, "`0` to `9` and `a` to `f`") {
            let folded = text.to_ascii_lowercase();
            let refusal = refuse(problem);
            return Err(if folded == text { refusal } else { scan::propose::<Self>(refusal, &folded) });
        }
        if hex.len() != 64 {
            return Err(refuse(format!("it has {} hexadecimal digits, 64 are needed", hex.len())));
        }
        Ok(Self(text.to_owned()))
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.0)
    }
}

impl ImageRef {
    /// The reference of these parts.
    pub fn new(repository: ImageRepository, tag: Option<Tag>, digest: Option<Digest>) -> Self {
        Self { repository, tag, digest }
    }

    /// Where the image lives.
    pub fn repository(&self) -> &ImageRepository {
        &self.repository
    }

    /// The tag, if one is written.
    pub fn tag(&self) -> Option<&Tag> {
        self.tag.as_ref()
    }

    /// The digest, if one is written.
    pub fn digest(&self) -> Option<&Digest> {
        self.digest.as_ref()
    }
}

/// Repository, tag and digest of a reference, whether right or wrong.
fn split(text: &str) -> (&str, Option<&str>, Option<&str>) {
    let (rest, digest) = text.split_once('@').map_or((text, None), |(rest, digest)| (rest, Some(digest)));
    match rest.rsplit_once(':') {
        Some((repository, tag)) if !tag.contains('/') => (repository, Some(tag), digest),
        _ => (rest, None, digest),
    }
}

impl Value for ImageRef {
    const WHAT: &'static str = "an image";
    const EXAMPLES: &'static [&'static str] =
        &["registry.acme.dev/checkout/orders:1.4.2", "docker.io/library/redis"];
    /// The longest repository, tag and digest together.
    const MAX_LEN: usize = 255 + 1 + 128 + 1 + 71;

    fn pattern() -> Cow<'static, str> {
        format!("^{}(?::{TAG})?(?:@{DIGEST})?$", repository_pattern()).into()
    }

    fn parse(text: &str) -> Result<Self, Invalid> {
        scan::bounded::<Self>(text)?;
        let (repository, tag, digest) = split(text);
        let part = |invalid: Invalid| Invalid {
            what: format!("{} is not an image: {}", quoted(text), invalid.what),
            ..invalid
        };
        if let Some((problem, better)) = repository_problem(repository) {
            let refusal = Invalid::of::<Self>(text, problem);
            let rest = text.strip_prefix(repository).unwrap_or_default();
            return Err(match better {
                Some(better) => scan::propose::<Self>(refusal, &format!("{better}{rest}")),
                None => refusal,
            });
        }
        Ok(Self {
            repository: ImageRepository(repository.to_owned()),
            tag: tag.map(Tag::parse).transpose().map_err(part)?,
            digest: digest.map(Digest::parse).transpose().map_err(part)?,
        })
    }

    fn text(&self) -> Cow<'_, str> {
        let tag = self.tag.iter().map(|tag| format!(":{}", tag.0));
        let digest = self.digest.iter().map(|digest| format!("@{}", digest.0));
        std::iter::once(self.repository.0.clone()).chain(tag).chain(digest).collect::<String>().into()
    }

    /// That of the repository, and a repository longer than 255 characters.
    fn doubt(&self) -> Option<Invalid> {
        let length = self.repository.0.len();
        let too_long = || {
            let what = format!(
                "the repository of {} has {length} characters, at most 255 are allowed",
                quoted(&self.text())
            );
            Invalid::doubt(what, "shorten it")
        };
        self.repository.doubt().or_else(|| (length > ImageRepository::MAX_LEN).then(too_long))
    }
}

#[cfg(test)]
mod tests {
    use super::super::agreement::{accepts, refuses};
    use super::*;

    const SHA: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    #[test]
    fn repositories() {
        accepts::<ImageRepository>(&[
            ("ghcr.io/a/b_c/d__e/f--g.h", "ghcr.io/a/b_c/d__e/f--g.h"),
            ("localhost/a", "localhost/a"),
            ("registry:5000/a", "registry:5000/a"),
        ]);
        refuses::<ImageRepository>(&[
            ("redis", "the registry is missing", "write `docker.io/library/redis`"),
            ("acme/app", "the registry is missing, `acme` is none", "write `docker.io/acme/app`"),
            ("redis:7", "a tag or digest has its own place", "`registry.acme.dev/checkout/orders`"),
            ("ghcr.io/a/b:1.2", "a tag or digest has its own place", "write `ghcr.io/a/b`"),
            (&format!("ghcr.io/a/b@{SHA}"), "a tag or digest has its own place", "write `ghcr.io/a/b`"),
            ("ghcr.io/Acme/b", "`A` may not stand", "write `ghcr.io/acme/b`"),
            ("GHCR.io/a", "`G` may not stand", "write `ghcr.io/a`"),
            ("ghcr.io/a___b", "`___` may not stand", "`registry.acme.dev"),
            ("ghcr.io/a..b", "`..` may not stand", "`registry.acme.dev"),
            ("ghcr.io/a-", "does not begin and end", "`registry.acme.dev"),
            ("ghcr.io/", "a part of its path is empty", "`registry.acme.dev"),
            ("ghcr.io:0/a", "port of its registry", "`registry.acme.dev"),
        ]);
        let repository = ImageRepository::parse("ghcr.io:443/a/b").unwrap();
        assert_eq!((repository.registry(), repository.path()), ("ghcr.io:443", "a/b"));
        let short = ImageRepository::parse("docker.io/redis").unwrap();
        assert!(short.doubt().unwrap().help.unwrap().contains("docker.io/library/redis"));
    }

    #[test]
    fn tags_and_digests() {
        accepts::<Tag>(&[("1.4.2", "1.4.2"), ("_x", "_x"), (&"a".repeat(128), &"a".repeat(128))]);
        refuses::<Tag>(&[
            ("1.0+build", "`+` may not stand", "write `1.0-build`"),
            (".1", "may not begin", "write `1`"),
            (&"a".repeat(129), "129 characters", "shorten"),
        ]);
        accepts::<Digest>(&[(SHA, SHA)]);
        let hex = SHA.strip_prefix("sha256:").unwrap();
        refuses::<Digest>(&[
            (hex, "does not begin with `sha256:`", SHA),
            ("sha256:abc", "3 hexadecimal digits, 64", "`sha256:e3b0"),
            (&format!("sha256:{}", hex.to_ascii_uppercase()), "may not stand", SHA),
        ]);
        assert_eq!(Digest::parse(SHA).unwrap().hex(), hex);
    }

    #[test]
    fn references() {
        let full = format!("ghcr.io:443/a/b:1.2@{SHA}");
        accepts::<ImageRef>(&[(&full, &full), ("ghcr.io/a", "ghcr.io/a"), ("a.b/c:d", "a.b/c:d")]);
        refuses::<ImageRef>(&[
            ("redis:7", "the registry is missing", "write `docker.io/library/redis:7`"),
            ("ghcr.io/A:1", "`A` may not stand", "write `ghcr.io/a:1`"),
            ("ghcr.io/a:", "an empty text is not an image tag", "`1.4.2`"),
            ("ghcr.io/a@sha256:1", "is not an image digest", "`sha256:e3b0"),
        ]);
        let image = ImageRef::parse(&full).unwrap();
        assert_eq!(image.repository().as_str(), "ghcr.io:443/a/b");
        assert_eq!(image.tag().map(Tag::as_str), Some("1.2"));
        assert_eq!(image.digest().map(Digest::as_str), Some(SHA));
        let made = ImageRef::new(image.repository().clone(), image.tag().cloned(), image.digest().cloned());
        assert_eq!(made, image);
        let long = ImageRef::parse(&format!("ghcr.io/{}", "a".repeat(250))).unwrap();
        assert!(long.doubt().is_some());
    }
}
