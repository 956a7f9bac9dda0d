//! `specc init`: a project that builds, small enough to read at one sight.

use super::output::Terminal;
use crate::diagnostic::Diagnostic;
use crate::write::{NewFile, create_new};

fn not_created(path: &str, why: &str) -> Diagnostic {
    Diagnostic::failure("cannot-write", format!("`{path}` could not be created: {why}"))
        .file(path)
        .help("run `specc init` in a folder without a project; files that are there are never touched")
}

const FILES: &[(&str, &str)] = &[
    ("specc.toml", include_str!("init/specc.toml")),
    ("services/hello.toml", include_str!("init/hello.toml")),
    ("environments/dev/environment.toml", include_str!("init/dev.toml")),
    ("environments/dev/images.lock", include_str!("init/images.lock")),
    ("environments/prod/environment.toml", include_str!("init/prod.toml")),
    ("environments/prod/hello.toml", include_str!("init/prod-hello.toml")),
    ("environments/prod/images.lock", include_str!("init/images.lock")),
];

pub(super) fn run(arguments: &super::Init, terminal: &Terminal) -> u8 {
    let files: Vec<NewFile<'_>> = FILES.iter().map(|(path, text)| NewFile { path, text }).collect();
    if let Err((path, why)) = create_new(&arguments.folder, &files) {
        return terminal.failure(not_created(path.trim_start_matches("./"), &why));
    }
    let folder = arguments.folder.display().to_string();
    let at = if folder == "." { String::new() } else { format!("{folder}/") };
    terminal.summary(&format!(
        "created a project with one service and two environments\n\nnext:\n  specc build {at}environments/dev\n  specc explain {at}environments/prod hello.workloads.api.scale.max\n"
    ));
    0
}
