//! No file of the expected output holds what looks like a secret, by the scanner that judges specs.

use std::path::{Path, PathBuf};

use serde_json::Value;
use specc::secret::{of_file, of_setting, of_text};

/// Every file below a folder, sorted.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    let mut entries: Vec<PathBuf> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for entry in entries {
        if entry.is_dir() { all.extend(files(&entry)) } else { all.push(entry) }
    }
    all
}

/// The folders of expected output: those of the example and of all cases.
fn outputs() -> Vec<PathBuf> {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden");
    let mut all = vec![golden.join("example")];
    let cases = golden.join("cases").read_dir().unwrap().map(|case| case.unwrap().path().join("out"));
    all.extend(cases);
    all
}

/// Settings of an object that programs read: variables, and entries of ConfigMaps.
fn settings(value: &Value, into: &mut Vec<(String, String)>) {
    match value {
        Value::Object(fields) => {
            let text = |key: &str| fields.get(key).and_then(Value::as_str).map(str::to_owned);
            if let (Some(name), Some(value)) = (text("name"), text("value")) {
                into.push((name, value));
            }
            fields.values().for_each(|value| settings(value, into));
        }
        Value::Array(items) => items.iter().for_each(|item| settings(item, into)),
        _ => {}
    }
}

/// The names of keys of Secrets that an object reads.
fn names_of_keys(value: &Value, into: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            into.extend(fields.get("key").and_then(Value::as_str).map(str::to_owned));
            fields.values().for_each(|value| names_of_keys(value, into));
        }
        Value::Array(items) => items.iter().for_each(|item| names_of_keys(item, into)),
        _ => {}
    }
}

/// What looks like a secret in a file, by its place; never the value.
fn found(path: &str, text: &str) -> Vec<String> {
    let mut all: Vec<String> = of_text(text).map(|sign| format!("{path}: {sign}")).into_iter().collect();
    // what is a template of Helm has its values elsewhere, and these are files of their own
    let object = path.ends_with(".yaml").then(|| serde_saphyr::from_str::<Value>(text).ok()).flatten();
    if let Some(object) = object {
        let (mut set, mut keys) = (Vec::new(), Vec::new());
        settings(&object, &mut set);
        names_of_keys(&object, &mut keys);
        // `<N>_AUTH_KEY` says which file of a Secret holds the credential
        set.retain(|(_, value)| !keys.contains(value));
        let signs = set.iter().filter_map(|(name, value)| Some((name, of_setting(name, value)?)));
        all.extend(signs.map(|(name, sign)| format!("{path}: {name}: {sign}")));
        if object["kind"] == "ConfigMap" {
            let data = object["data"].as_object().into_iter().flatten();
            let contents = data.filter_map(|(key, content)| Some((key, of_file(content.as_str()?)?)));
            all.extend(contents.map(|(key, sign)| format!("{path}: {key}: {sign}")));
        }
        assert_ne!((&object["kind"], &object["apiVersion"]), (&"Secret".into(), &"v1".into()), "{path}");
    }
    all
}

#[test]
#[expect(clippy::disallowed_methods, reason = "tests read expected files")]
fn no_expected_file_holds_what_looks_like_a_secret() {
    let (mut count, mut all) = (0, Vec::new());
    for path in outputs().iter().flat_map(|folder| files(folder)) {
        let Ok(text) = String::from_utf8(std::fs::read(&path).unwrap()) else { continue };
        count += 1;
        all.extend(found(&path.display().to_string(), &text));
    }
    assert!(count > 1000, "only {count} files were looked at");
    assert!(all.is_empty(), "{}", all.join("\n"));
}

#[test]
fn what_looks_like_one_is_found_wherever_it_stands() {
    let pod = "kind: Pod\nspec:\n  containers:\n  - env:\n    - name: DB_PASSWORD\n      value: hunter2\n";
    assert_eq!(found("a.yaml", pod), ["a.yaml: DB_PASSWORD: its name says so"]);
    let files = "kind: ConfigMap\ndata:\n  app.toml: |\n    api_key = \"s3cr3t-value\"\n";
    assert_eq!(found("a.yaml", files).len(), 1);
    assert_eq!(found("REPORT.md", "postgresql://app:hunter2@db:5432/app").len(), 1);
    assert!(found("a.yaml", "kind: Pod\nname: TOKEN_URL\nvalue: https://login.example.com\n").is_empty());
}
