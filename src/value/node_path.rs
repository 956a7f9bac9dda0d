//! Paths of a node.

use std::borrow::Cow;

use super::{Invalid, MountPath, Value};

/// A folder or file of a node: as a [`MountPath`], or `/` for all of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodePath(String);

impl NodePath {
    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Value for NodePath {
    const WHAT: &'static str = "a path of the node";
    const EXAMPLES: &'static [&'static str] = &["/proc", "/"];
    const MAX_LEN: usize = MountPath::MAX_LEN;

    fn pattern() -> Cow<'static, str> {
        format!("^/$|{}", MountPath::pattern()).into()
    }

    fn parse(text: &str) -> Result<Self, Invalid> {
        if text != "/" {
            MountPath::parse(text).map_err(|why| Invalid {
                what: why.what.replace(MountPath::WHAT, Self::WHAT),
                help: why.help,
            })?;
        }
        Ok(Self(text.to_owned()))
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
    fn the_root_is_one() {
        accepts::<NodePath>(&[("/", "/"), ("/proc", "/proc"), ("/var/lib/kubelet", "/var/lib/kubelet")]);
        refuses::<NodePath>(&[("proc", "does not begin with `/`", "write `/proc`"), ("/a/../b", "`..`", "")]);
    }
}
