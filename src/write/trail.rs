//! Walking sorted paths while keeping the folders above the last one, so that each folder is opened once.

use crate::tree::RelPath;

/// The folders above the path visited last, outermost first, each with what the caller keeps of it.
pub(super) struct Trail<T> {
    at: Vec<(String, T)>,
}

impl<T> Default for Trail<T> {
    fn default() -> Self {
        Self { at: Vec::new() }
    }
}

impl<T> Trail<T> {
    /// What is kept of the folder of `path`, or `None` at the top. `open` makes it from that of the folder above,
    /// for the folder whose path is given; it is asked for those that the path before did not share.
    pub(super) fn descend<E>(
        &mut self,
        path: &RelPath,
        mut open: impl FnMut(Option<&T>, &str) -> Result<T, E>,
    ) -> Result<Option<&T>, E> {
        let shared =
            self.at.iter().zip(path.folders()).take_while(|((kept, _), folder)| kept == folder).count();
        self.at.truncate(shared);
        for folder in path.folders().skip(shared) {
            let next = open(self.at.last().map(|(_, above)| above), folder)?;
            self.at.push((folder.to_owned(), next));
        }
        Ok(self.at.last().map(|(_, kept)| kept))
    }
}

/// The last segment of a folder's path.
pub(super) fn last_part(folder: &str) -> &str {
    folder.rsplit_once('/').map_or(folder, |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_folder_is_opened_once() {
        let mut trail = Trail::<String>::default();
        let mut opened = Vec::new();
        for text in ["a-b/x", "a.yaml", "a/b/x", "a/b/y", "a/c", "b/b/z"] {
            let path = RelPath::new(text).unwrap();
            let kept = trail.descend(&path, |above, folder| {
                assert_eq!(above.map(String::as_str), folder.rsplit_once('/').map(|(above, _)| above));
                opened.push(folder.to_owned());
                Ok::<_, ()>(folder.to_owned())
            });
            assert_eq!(kept.unwrap().map(String::as_str), path.parent());
        }
        assert_eq!(opened, ["a-b", "a", "a/b", "b", "b/b"]);
    }
}
