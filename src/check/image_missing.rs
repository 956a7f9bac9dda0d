//! A workload without an image.

use super::context::{Finding, path_of};
use super::{Check, Context, Found};
use crate::origin::Origin;
use crate::system::{Service, Unresolved, Workload};

pub(super) const CHECK: Check = check!("image-missing", Error, One(run));

fn no_image<'c>(cx: &'c Context<'c>, service: &Service, workload: &Workload) -> Finding<'c> {
    cx.find(&CHECK, format!("`{}` has no image", path_of(service, workload)))
        .at_key(Origin::spec(workload.at), "what shall run here?")
        .at_key(Origin::spec(service.file.service.at), "what shall run here?")
        .also_key(Origin::spec(service.file.service.at), "no `image` for the service either")
        .help("write `image = \"registry.example.com/shop\"` below `[service]` for a ready-made image")
        .help("or, for a Python service, `[runtime]` with `image` and `app = \"shop.main:app\"`")
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for (service, workload) in cx.system.workloads() {
        if let Err(Unresolved::Missing) = workload.image.reference {
            found.push(no_image(cx, service, workload));
        }
    }
}
