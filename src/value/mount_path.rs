//! Paths in a container.

use std::borrow::Cow;

use super::{Invalid, Value, quoted, scan};

/// Where something is mounted in a container: an absolute path without `:` (Kubernetes
/// `VolumeMount.mountPath`), clean (no `//`, `.`, `..`, no closing `/`) and below the root.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MountPath(pub(super) String);

impl MountPath {
    /// Whether `other` is this path or lies below it.
    pub fn covers(&self, other: &Self) -> bool {
        other.0.strip_prefix(&self.0).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// The last part: the file name.
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }

    /// What stands before the last part, without closing `/`: the folder, empty for the root.
    pub fn folder(&self) -> &str {
        self.0.rsplit_once('/').map_or("", |(folder, _)| folder)
    }
}

impl Value for MountPath {
    const WHAT: &'static str = "a path in a container";
    const EXAMPLES: &'static [&'static str] = &["/etc/orders/config.toml", "/var/cache"];
    const MAX_LEN: usize = 1024;

    fn pattern() -> Cow<'static, str> {
        let plain = "[-A-Za-z0-9_@%+=,~]";
        let any = "[-A-Za-z0-9_@%+=,~.]";
        format!(r"^(?:/(?:{plain}{any}*|\.{plain}{any}*|\.\.{any}+))+$").into()
    }

    fn parse(text: &str) -> Result<Self, Invalid> {
        scan::bounded::<Self>(text)?;
        let refuse = |why: &str| Invalid::of::<Self>(text, why);
        let Some(rest) = text.strip_prefix('/') else {
            return Err(scan::propose::<Self>(refuse("it does not begin with `/`"), &format!("/{text}")));
        };
        if rest.is_empty() {
            return Err(refuse("it would hide the whole image"));
        }
        let cleaned = || {
            let parts: Vec<_> = rest.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
            format!("/{}", parts.join("/"))
        };
        let allowed = |c: char| c.is_ascii_alphanumeric() || "-._@%+=,~".contains(c);
        for part in rest.split('/') {
            match part {
                "" | "." => return Err(scan::propose::<Self>(refuse("it has an empty part"), &cleaned())),
                ".." => return Err(refuse("`..` may not be a part of it")),
                _ => {}
            }
            if let Some(problem) = scan::stranger(part, allowed, "letters, digits and `-._@%+=,~`") {
                return Err(refuse(&problem));
            }
        }
        Ok(Self(text.to_owned()))
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.0)
    }

    fn doubt(&self) -> Option<Invalid> {
        let system =
            ["/proc", "/sys", "/dev"].into_iter().find(|system| Self((*system).to_owned()).covers(self))?;
        Some(Invalid::doubt(
            format!("{} lies in `{system}`, which belongs to the kernel", quoted(&self.0)),
            "mount it elsewhere, for example below `/var` or `/etc`",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::super::agreement::{accepts, refuses};
    use super::*;

    #[test]
    fn paths() {
        accepts::<MountPath>(&[("/tmp", "/tmp"), ("/etc/a.d/.x", "/etc/a.d/.x"), ("/..a", "/..a")]);
        refuses::<MountPath>(&[
            ("etc/x", "does not begin with `/`", "write `/etc/x`"),
            ("/", "hide the whole image", "`/etc/orders/config.toml`"),
            ("/etc/", "an empty part", "write `/etc`"),
            ("/etc//x", "an empty part", "write `/etc/x`"),
            ("/etc/./x", "an empty part", "write `/etc/x`"),
            ("/etc/../x", "`..` may not", "`/etc/orders/config.toml`"),
            ("/a:b", "`:` may not stand", "`/etc/orders/config.toml`"),
            ("C:\\data", "does not begin", "`/etc/orders/config.toml`"),
        ]);
        let path = |text| MountPath::parse(text).unwrap();
        assert!(path("/proc/x").doubt().is_some() && path("/process").doubt().is_none());
        assert_eq!(
            (path("/a/b.c").folder(), path("/a/b.c").file_name(), path("/a").folder()),
            ("/a", "b.c", "")
        );
    }
}
