//! Files of a new project: created where nothing is, never over anything.

use std::fs::{DirBuilder, OpenOptions};
use std::io::Write as _;
use std::path::Path;

/// A file to create.
#[derive(Clone, Copy, Debug)]
pub struct NewFile<'a> {
    /// relative to the folder, with `/`
    pub path: &'a str,
    /// its content
    pub text: &'a str,
}

/// Creates all files below `folder`, or none if one of them is there already.
///
/// # Errors
/// The path that could not be created, and why in words.
pub fn create_new(folder: &Path, files: &[NewFile<'_>]) -> Result<(), (String, String)> {
    for file in files {
        let path = folder.join(file.path);
        if path.symlink_metadata().is_ok() {
            return Err((path.display().to_string(), "it exists already".to_owned()));
        }
    }
    for file in files {
        let path = folder.join(file.path);
        let failed = |error: std::io::Error| (path.display().to_string(), error.kind().to_string());
        if let Some(parent) = path.parent() {
            DirBuilder::new().recursive(true).create(parent).map_err(failed)?;
        }
        // `create_new` refuses a file or link that appeared since we looked
        let mut opened = OpenOptions::new().write(true).create_new(true).open(&path).map_err(failed)?;
        opened.write_all(file.text.as_bytes()).map_err(failed)?;
    }
    Ok(())
}
