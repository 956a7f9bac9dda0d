//! `kustomization.yaml`: a list of files and nothing else, so that `kubectl apply -k` takes exactly what was built.

use super::yaml::Yaml;
use crate::origin::{LIST_OF_FILES, Origin};
use crate::walk::{Scalar, Visit};

/// A Kustomization of `resources`, paths relative to its own folder, in sorted order and each once.
pub fn print<'p>(resources: impl IntoIterator<Item = &'p str>) -> String {
    let because = Origin::rule(LIST_OF_FILES);
    let sorted: std::collections::BTreeSet<&str> = resources.into_iter().collect();
    let mut out = String::new();
    let mut yaml = Yaml::new(&mut out);
    yaml.map();
    yaml.key("apiVersion");
    yaml.leaf(Scalar::Str("kustomize.config.k8s.io/v1beta1"), because);
    yaml.key("kind");
    yaml.leaf(Scalar::Str("Kustomization"), because);
    yaml.key("resources");
    yaml.seq();
    for path in sorted {
        yaml.item(None);
        yaml.leaf(Scalar::Str(path), because);
    }
    yaml.end();
    yaml.end();
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_listed_in_order_and_each_once() {
        assert_eq!(
            print([
                "services/b/api/service.yaml",
                "namespaces/a/namespace.yaml",
                "services/b/api/service.yaml"
            ]),
            "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n\
             - namespaces/a/namespace.yaml\n- services/b/api/service.yaml\n"
        );
    }

    #[test]
    fn without_files_the_list_is_empty() {
        assert!(print([]).ends_with("\nresources: []\n"));
    }
}
