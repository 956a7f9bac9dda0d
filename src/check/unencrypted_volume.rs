//! Data that must be encrypted where it is kept, on a volume of which nobody says so.

use super::context::{Finding, listed};
use super::{Check, Context, Found};
use crate::spec::decode::Choice;
use crate::spec::environment::Tier;
use crate::system::protection::{Kept, Place, places};

pub(super) const CHECK: Check = check!("unencrypted-volume", Deny, One(run));

fn found<'c>(cx: &'c Context<'c>, place: &Place) -> Option<Finding<'c>> {
    let class = place.class.as_ref().filter(|class| class.get().at_rest())?;
    let (file, word) = (cx.environment_file(), class.get().word());
    let declare = |name: &str| {
        format!(
            "if it encrypts, say so: `storage_classes.{name} = {{ encrypted = true }}` below `[platform]` in `{file}`"
        )
    };
    let known = &cx.system.environment.platform.storage_classes;
    let good: Vec<&str> =
        known.iter().filter(|(_, encrypted)| *encrypted.get()).map(|(name, _)| name.as_str()).collect();
    let other = if good.is_empty() {
        "write `storage_class` with the name of one that encrypts".to_owned()
    } else {
        format!("write `storage_class` with one that is declared to encrypt: {}", listed(&good))
    };
    let (label, is_value, help) = match &place.kept {
        Kept::Undeclared(name) => {
            (format!("nothing is declared of `{name}`"), true, vec![declare(name), other])
        }
        Kept::Plain(name) => (format!("`{name}` is declared not to encrypt"), true, vec![other]),
        Kept::Default => (
            "the cluster's default `StorageClass`, which has no name here".to_owned(),
            false,
            if good.is_empty() {
                vec![
                    other,
                    format!(
                        "and declare it: `storage_classes.<name> = {{ encrypted = true }}` below `[platform]` in `{file}`"
                    ),
                ]
            } else {
                vec![other]
            },
        ),
        Kept::Encrypted(_) | Kept::Memory | Kept::Store(_) | Kept::Foreign | Kept::Node => return None,
    };
    let title = format!(
        "`{}` keeps `{word}` data on {} that nobody declares to be encrypted in `{}`",
        place.of,
        if place.what.starts_with("volumes") { "volumes" } else { "a volume" },
        cx.environment()
    );
    let finding = cx.find(&CHECK, title);
    let finding = if is_value {
        finding.at(place.named, label.clone()).also_key(place.because, place.what.clone())
    } else {
        finding.at_key(place.because, label.clone())
    };
    let mut finding = finding
        .at_key(place.because, label)
        .also(class.origin(), format!("`{word}` must be encrypted wherever it is kept"))
        .note("a volume outlives its pod: whoever gets the disk, or a snapshot of it, has the data");
    if let Kept::Plain(name) = &place.kept
        && let Some((_, declared)) = known.iter().find(|(known, _)| known == name)
    {
        finding = finding.also(declared.origin(), "declared here");
    }
    for text in help {
        finding = finding.help(text);
    }
    let made_up = cx.is_tier(Tier::Dev).then(|| {
        format!(
            "or, where `{}` has made-up data alone, write `class = \"public\"` in its overlay of the service",
            cx.environment()
        )
    });
    Some(finding.maybe_help(made_up))
}

fn run(cx: &Context<'_>, found_here: &mut Found) {
    let mut seen: Vec<String> = Vec::new();
    for place in places(cx.system) {
        // data and log of a database are on one class
        if seen.contains(&place.of) {
            continue;
        }
        if let Some(finding) = found(cx, &place) {
            found_here.push(finding);
            seen.push(place.of);
        }
    }
}
