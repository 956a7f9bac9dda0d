//! What checks read of emitted objects: who they are, and the content of those that somebody wrote by hand.
//!
//! Checks run before objects are made. Only an environment with ways out has its objects made for these checks, after all
//! others found nothing.

use super::Context;
use crate::api::{Form, Shape};
use crate::origin::Origin;
use crate::system::{Patch, Service};
use crate::text::Text;
use crate::walk::{Body, Part};

/// The objects of one environment.
#[derive(Default)]
pub struct Made {
    /// all of them
    pub objects: Vec<MadeObject>,
    /// the files of objects that could be there and are not: service, noun, name of the file without ending
    pub left_out: Vec<(Text, Text, String)>,
}

/// An emitted object.
pub struct MadeObject {
    /// its service and the folder of its noun, if it is not a namespace's
    pub of: Option<(Text, Text)>,
    /// the name of its file without the ending
    pub stem: String,
    /// its kind
    pub kind: Text,
    /// `group/version`, or `v1` for the core group
    pub api_version: Text,
    /// its namespace, if it is in one
    pub namespace: Option<Text>,
    /// its name
    pub name: Text,
    /// why it exists
    pub because: Origin,
    /// kind and name of what operators make from it
    pub provides: Vec<(Text, Text)>,
    /// its content, if somebody wrote some of it by hand
    pub written: Option<Contents>,
}

/// The content of an object that somebody wrote.
pub struct Contents {
    /// as it is emitted
    pub whole: Part,
    /// as specc makes it by itself; none for an object that is written as a whole
    pub own: Option<Part>,
}

/// An object with its patch.
pub(super) struct Patched<'m> {
    pub(super) service: &'m Service,
    pub(super) patch: &'m Patch,
    pub(super) object: &'m MadeObject,
    pub(super) whole: &'m Part,
    pub(super) own: &'m Part,
}

impl Made {
    /// The object that a patch is for.
    pub(super) fn object(&self, service: &Service, patch: &Patch) -> Option<&MadeObject> {
        self.objects.iter().find(|object| {
            let of = object.of.as_ref();
            of.is_some_and(|(of, noun)| of == service.name.get() && *noun == patch.noun)
                && object.stem == patch.object.get().as_str()
        })
    }

    /// Every patch with its object, once for each object.
    pub(super) fn patched<'m>(&'m self, cx: &Context<'m>) -> Vec<Patched<'m>> {
        let patches = cx.system.services.iter().flat_map(|s| s.patches.iter().map(move |p| (s, p)));
        let with_object = |(service, patch): (&'m Service, &'m Patch)| {
            let object = self.object(service, patch)?;
            let contents = object.written.as_ref()?;
            Some(Patched { service, patch, object, whole: &contents.whole, own: contents.own.as_ref()? })
        };
        patches.filter_map(with_object).collect()
    }
}

/// The keys that lead to the pod of a kind.
pub(super) fn pod_path(kind: &str) -> Option<&'static [&'static str]> {
    Some(match kind {
        "Pod" => &["spec"],
        "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet" | "Job" | "ReplicationController" => {
            &["spec", "template", "spec"]
        }
        "CronJob" => &["spec", "jobTemplate", "spec", "template", "spec"],
        _ => return None,
    })
}

/// An image that an object names by hand.
pub(super) struct WrittenImage<'m> {
    pub(super) object: &'m MadeObject,
    /// the reference, as it is written
    pub(super) text: &'m Text,
    /// where
    pub(super) at: Origin,
}

/// Every image of a pod that somebody wrote by hand, in a whole object or in fields of one.
pub(super) fn images(made: &Made) -> Vec<WrittenImage<'_>> {
    fn of<'p>(content: &'p Part, path: &[&str]) -> Vec<&'p Part> {
        let pod = content.at(path);
        let lists = ["initContainers", "containers", "ephemeralContainers"];
        let containers = lists.into_iter().filter_map(|list| pod?.get(list)).flat_map(Part::items);
        containers.filter_map(|(_, container)| container.get("image")).collect()
    }
    let mut all = Vec::new();
    for object in &made.objects {
        let Some((contents, path)) = object.written.as_ref().zip(pod_path(&object.kind)) else { continue };
        let own: Vec<&Text> =
            contents.own.iter().flat_map(|own| of(own, path)).filter_map(Part::text).collect();
        for image in of(&contents.whole, path) {
            if let (Some(text), Some(at)) = (image.text(), image.origin())
                && !own.contains(&text)
            {
                all.push(WrittenImage { object, text, at });
            }
        }
    }
    all
}

/// Fields that the API demands and that are not there: the path of what lacks them, their names, and where it is from.
pub(super) fn lacking(part: &Part, form: Form, minor: u8) -> Vec<(String, String, Option<Origin>)> {
    fn visit(
        part: &Part,
        form: Form,
        minor: u8,
        path: &str,
        found: &mut Vec<(String, String, Option<Origin>)>,
    ) {
        match &part.body {
            Body::Map(fields) => {
                if let Shape::Object(known) = form.shape() {
                    let lacks = |name: &str| part.get(name).is_none_or(crate::walk::Walk::is_absent);
                    let missing =
                        known.fields().filter(|f| f.required && f.served.by(minor) && lacks(f.name));
                    found.extend(missing.map(|f| (path.to_owned(), f.name.to_owned(), part.origin())));
                }
                for (key, value) in fields {
                    let inner = if path.is_empty() { key.to_string() } else { format!("{path}.{key}") };
                    visit(value, form.under(key).unwrap_or(Form::ANY), minor, &inner, found);
                }
            }
            Body::Seq(items) => {
                for (index, (name, item)) in items.iter().enumerate() {
                    let name = name.as_ref().map_or_else(|| index.to_string(), Text::to_string);
                    visit(item, form.item(), minor, &format!("{path}[{name}]"), found);
                }
            }
            Body::Leaf(..) | Body::Absent(_) => {}
        }
    }
    let mut found = Vec::new();
    visit(part, form, minor, "", &mut found);
    found
}
