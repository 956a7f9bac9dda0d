//! A secret that somebody wrote into the spec never comes out again, whatever else is wrong and whoever asks.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use crate::specc::Project;

/// Where a secret may be written by mistake: what to put in the place of what, in which file. `@` is the secret.
const PLACES: &[(&str, &str, &str)] = &[
    ("services/hello.toml", "[workloads.api]\n", "[workloads.api]\nenv = { DB_PASSWORD = \"@\" }\n"),
    (
        "services/hello.toml",
        "[workloads.api]\n",
        "[workloads.api]\nenv = { DB_PASSWORD = { value = \"@\" } }\n",
    ),
    (
        "services/hello.toml",
        "[workloads.api]\n",
        "[workloads.api.env.API_KEY]\nvalue = \"@\"\n[workloads.api]\n",
    ),
    (
        "services/hello.toml",
        "[workloads.api]\n",
        "[workloads.api]\nenv = { URL = \"postgres://shop:@@db/shop\" }\n",
    ),
    ("services/hello.toml", "[workloads.api]\n", "[workloads.api]\nargs = [\"--password\", \"@\"]\n"),
    ("services/hello.toml", "[workloads.api]\n", "[workloads.api]\nargs = [\"--password=@\"]\n"),
    (
        "services/hello.toml",
        "[workloads.api]\n",
        "[workloads.api]\ncommand = [\"run\", \"--token\", \"@\", 1]\n",
    ),
    ("services/hello.toml", "[workloads.api]\n", "[workloads.api]\nsecrets = \"@\"\n"),
    ("services/hello.toml", "[workloads.api]\n", "[workloads.api]\npassword = \"@\"\n"),
    ("services/hello.toml", "[workloads.api]\n", "[workloads.api]\nenv = { API_TOKEN = \"@\n"),
    (
        "services/hello.toml",
        "[workloads.api]\n",
        "[workloads.api.files.\"/etc/a\"]\ntext = '''\npassword = \"@\"\n'''\n[workloads.api]\n",
    ),
    ("services/hello.toml", "[workloads.api]\n", "[secrets.app]\nkeys = [\"@ \"]\n[workloads.api]\n"),
    ("services/hello.toml", "[workloads.api]\n", "[secrets.app]\npassword = \"@\"\n[workloads.api]\n"),
    ("services/hello.toml", "[workloads.api]\n", "[secrets]\napp = \"@\"\n[workloads.api]\n"),
    (
        "services/hello.toml",
        "[workloads.api]\n",
        "[externals.mail]\nurl = \"https://shop:@@mail.example.com\"\n[workloads.api]\n",
    ),
    (
        "services/hello.toml",
        "[workloads.api]\n",
        "[externals.mail]\nurl = \"https://mail.example.com\"\nsecrets = { api_key = \"@\" }\n[workloads.api]\n",
    ),
    (
        "services/hello.toml",
        "[workloads.api]\n",
        "[workloads.api]\nenv = { A = { format = \"https://shop:@@{mail\" } }\n",
    ),
    ("environments/prod/hello.toml", "[workloads.api]\n", "[workloads.api]\nenv = { DB_PASSWORD = \"@\" }\n"),
    ("environments/prod/environment.toml", "[platform]\n", "[env]\nSESSION_SECRET = \"@\"\n[platform]\n"),
    ("environments/prod/environment.toml", "[platform]\n", "[env]\nSESSION_SECRET = [\"@\"]\n[platform]\n"),
    ("environments/prod/environment.toml", "[platform]\n", "[platform]\nsecret_store = \"@ \"\n"),
];

/// Mistakes that may come together with it.
const MISTAKES: &[(&str, &str)] = &[("", ""), ("memory = \"256Mi\"", "memory = \"256\""), ("cpu ", "cpuu ")];

const COMMANDS: &[&[&str]] = &[
    &["check"],
    &["build", "dev", "prod"],
    &["build", "--all", "--dry-run"],
    &["build", "--all", "--check"],
    &["build", "prod", "-o", "-"],
    &["explain", "prod", "hello.workloads.api"],
    &["explain", "prod", "hello.workloads.api.env.DB_PASSWORD"],
    &["explain", "prod", "environment"],
    &["explain", "prod", "Deployment/hello-api", "spec"],
    &["explain", "prod", "--reverse", "services/hello.toml:13"],
];

/// A word that no message holds by chance, of letters and digits.
fn canary() -> String {
    let seed = tempfile::tempdir().unwrap();
    let digest = Sha256::digest(seed.path().as_os_str().as_encoded_bytes());
    digest.iter().take(12).fold("Kx".to_owned(), |mut word, byte| {
        write!(word, "{byte:02x}").unwrap();
        word
    })
}

/// The canary as it may be hidden: as it is, backwards, in hexadecimal, hashed.
fn disguises(canary: &str) -> Vec<String> {
    let hex = |bytes: &[u8]| bytes.iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
    vec![
        canary.to_owned(),
        canary.chars().rev().collect(),
        hex(canary.as_bytes()),
        hex(&Sha256::digest(canary.as_bytes())),
    ]
}

#[test]
fn a_secret_in_the_spec_never_comes_out() {
    let canary = canary();
    let disguises = disguises(&canary);
    for (index, (file, old, new)) in PLACES.iter().enumerate() {
        for (mistake, slip) in MISTAKES {
            let project = Project::new();
            project.edit(file, old, &new.replacen('@', &canary, 1).replacen("@@", &format!("{canary}@"), 1));
            if !mistake.is_empty() {
                project.edit("services/hello.toml", mistake, slip);
            }
            let format = ["full", "concise", "json", "github"][index % 4];
            for command in COMMANDS {
                let run = project.specc(command.iter().copied().chain(["--output-format", format]));
                let printed = format!("{}{}", run.out, run.err);
                assert!(matches!(run.code, Some(1 | 2)), "{new} {command:?}: {printed}");
                for disguise in &disguises {
                    assert!(!printed.contains(disguise.as_str()), "{new}\n{command:?} {format}:\n{printed}");
                }
            }
            assert!(project.files("deploy").is_empty(), "{new}");
        }
    }
}
