//! Many builds of one tree at once: there is always one complete output.

use std::sync::Barrier;
use std::thread;

use specc::tree::Tree;

use super::{Project, tree};

const BUILDS: usize = 64;

/// Outputs that share some files, differ in others, and use one path as file and as folder.
fn variants() -> Vec<Tree> {
    let text = |number: usize, file: usize| format!("{number} {file}");
    (0..4)
        .map(|number| {
            let mut files =
                vec![("same".to_owned(), "same".to_owned()), ("services/all".to_owned(), number.to_string())];
            files.extend((0..5).map(|file| (format!("services/s{number}/f{file}"), text(number, file))));
            let trade = if number % 2 == 0 { "trade" } else { "trade/inner" };
            files.push((trade.to_owned(), number.to_string()));
            tree(&files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect::<Vec<_>>())
        })
        .collect()
}

fn all_at_once(project: &Project, trees: &[Tree]) {
    let barrier = Barrier::new(BUILDS);
    thread::scope(|scope| {
        for number in 0..BUILDS {
            let (barrier, tree) = (&barrier, &trees[number % trees.len()]);
            scope.spawn(move || {
                barrier.wait();
                project.build(tree).unwrap();
            });
        }
    });
    let complete = trees.iter().filter(|tree| project.drift(tree).is_empty()).count();
    assert_eq!(complete, 1);
    assert!(!project.has_stage());
}

#[test]
fn of_an_existing_tree() {
    let project = Project::new();
    project.build(&tree(&[])).unwrap();
    for _ in 0..5 {
        all_at_once(&project, &variants());
    }
}

#[test]
fn of_a_tree_that_is_not_there() {
    for _ in 0..5 {
        all_at_once(&Project::new(), &variants());
    }
}
