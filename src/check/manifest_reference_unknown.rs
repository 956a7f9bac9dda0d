//! A name in a manifest of an object that nothing here makes.

use super::context::Finding;
use super::made::{Made, MadeObject, pod_path};
use super::{Check, Context, Found};
use crate::diagnostic::suggest::nearest;
use crate::text::Text;
use crate::walk::{Body, Part};

pub(super) const CHECK: Check = check!("manifest-reference-unknown", Warn, Made(run));

fn unknown<'c>(
    cx: &'c Context<'c>,
    object: &MadeObject,
    (kind, name, part): (&str, &Text, &Part),
    near: Option<&str>,
) -> Finding<'c> {
    let title =
        format!("`{}/{}` needs the {kind} `{name}`, which nothing here makes", object.kind, object.name);
    cx.find(&CHECK, title)
        .at(part.origin().unwrap_or(object.because), "not among the objects of this environment")
        .note("its pods do not start before somebody else has made it")
        .maybe_help(near.map(|near| format!("did you mean `{near}`?")))
        .help("correct the name, take its manifest along as well, or see that it is there before this is applied")
}

/// Fields that hold a name, by the keys before them, and the kind of the object that they name.
const NAMES: &[(&[&str], &str)] = &[
    (&["secretName"], "Secret"),
    (&["secretRef", "name"], "Secret"),
    (&["secretKeyRef", "name"], "Secret"),
    (&["configMap", "name"], "ConfigMap"),
    (&["configMapRef", "name"], "ConfigMap"),
    (&["configMapKeyRef", "name"], "ConfigMap"),
    (&["claimName"], "PersistentVolumeClaim"),
    (&["serviceAccountName"], "ServiceAccount"),
    (&["backend", "service", "name"], "Service"),
];

fn names<'p>(part: &'p Part, path: &mut Vec<&'p str>, found: &mut Vec<(&'static str, &'p Text, &'p Part)>) {
    match &part.body {
        Body::Map(fields) => {
            let is_optional = part.get("optional").and_then(Part::truth) == Some(true);
            for (key, value) in fields.iter().filter(|_| !is_optional) {
                path.push(key);
                names(value, path, found);
                path.pop();
            }
        }
        Body::Seq(items) => items.iter().for_each(|(_, item)| names(item, path, found)),
        Body::Leaf(..) => {
            let known = NAMES.iter().find(|(keys, _)| path.ends_with(keys));
            found.extend(known.zip(part.text()).map(|((_, kind), name)| (*kind, name, part)));
        }
        Body::Absent(_) => {}
    }
}

fn run(cx: &Context<'_>, made: &Made, found: &mut Found) {
    for object in &made.objects {
        let Some(contents) = object.written.as_ref().filter(|contents| contents.own.is_none()) else {
            continue;
        };
        // elsewhere such a field often names what somebody makes from the object, as that of a certificate does
        let is_reader = pod_path(&object.kind).is_some();
        if !is_reader && object.kind != "Ingress" {
            continue;
        }
        let mut all = Vec::new();
        names(&contents.whole, &mut Vec::new(), &mut all);
        for (kind, name, part) in all.into_iter().filter(|(kind, ..)| is_reader || *kind == "Service") {
            let here = made.objects.iter().filter(|other| other.namespace == object.namespace);
            let own = here.clone().filter(|other| other.kind == kind).map(|other| other.name.as_str());
            let provided = here.flat_map(|other| &other.provides).filter(|(of, _)| of == kind);
            let mut known = own.chain(provided.map(|(_, name)| name.as_str()));
            let all: Vec<&str> = known.by_ref().collect();
            // every namespace has an account of that name
            let is_given = kind == "ServiceAccount" && name == "default";
            if !is_given && !all.contains(&name.as_str()) {
                let near = nearest(name, all.iter().copied());
                found.push(unknown(cx, object, (kind, name, part), near));
            }
        }
    }
}
