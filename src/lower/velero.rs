//! Copies of the system's manifests as the API server has them: one Schedule of Velero for an environment.
//!
//! Source: Velero 1.18, "Schedule API type" and "Resource filtering": a label selects, and what is excluded is so for all
//! namespaces. Pods and their like carry the labels of what makes them, so they are named.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Cx, labels};
use crate::bundle::{Bundle, Scope};
use crate::k8s::{CopySpec, CopyTemplate, Metadata, Schedule};
use crate::origin::{KIND, Origin, Traced, VELERO, VELERO_SCOPE, rule};
use crate::text::Text;
use crate::walk::Items;

/// What a copy leaves out: values of secrets, and what controllers make from the rest.
const LEFT_OUT: [&str; 7] = [
    "controllerrevisions.apps",
    "endpoints",
    "endpointslices.discovery.k8s.io",
    "jobs.batch",
    "pods",
    "replicasets.apps",
    "secrets",
];
/// What it leaves out besides, unless volumes are asked for.
const VOLUMES: [&str; 2] = ["persistentvolumeclaims", "persistentvolumes"];

pub(super) fn lower(cx: &Cx<'_>, bundle: &mut Bundle) {
    let velero = &cx.platform().velero;
    let name = cx.system.environment.copies.clone();
    let wanted = cx.platform().copies(cx.tracer);
    let because = cx.tracer.because(KIND, &[wanted.origin(), velero.at, velero.namespace.origin()]);
    let scope = Scope::Namespace(velero.namespace.get().clone());
    if !*wanted.get() {
        return bundle.leave_out(&scope, "Schedule", name.get(), because);
    }
    let metadata = Metadata {
        name,
        namespace: Some(velero.namespace.clone()),
        labels: Arc::new(labels::of_system(cx)),
        annotations: BTreeMap::new(),
    };
    let spec = CopySpec {
        schedule: velero.schedule.clone(),
        use_owner_references_in_backup: rule(VELERO, false),
        template: template(cx),
    };
    bundle.push(&scope, None, Schedule { because, metadata, spec });
}

fn template(cx: &Cx<'_>) -> CopyTemplate {
    let velero = &cx.platform().velero;
    let with_volumes = *velero.volumes.get();
    let mut excluded = Items::default();
    for name in LEFT_OUT {
        excluded.push(name, Origin::rule(VELERO_SCOPE), rule(VELERO_SCOPE, name));
    }
    for name in VOLUMES {
        let because = cx.tracer.because(VELERO_SCOPE, &[velero.volumes.origin()]);
        if with_volumes {
            excluded.leave_out(name, because);
        } else {
            excluded.push(name, because, Traced::because(Text::Literal(name), because));
        }
    }
    let no_cluster = Traced::because(false, cx.tracer.because(VELERO_SCOPE, &[velero.volumes.origin()]));
    CopyTemplate {
        included_namespaces: namespaces(cx),
        excluded_resources: excluded,
        // a volume is the cluster's
        include_cluster_resources: (!with_volumes).then_some(no_cluster),
        label_selector: labels::matching([("app.kubernetes.io/part-of".into(), cx.system.name.clone())]),
        snapshot_volumes: velero.volumes,
        default_volumes_to_fs_backup: rule(VELERO_SCOPE, false),
        ttl: velero.ttl.clone(),
    }
}

/// Those of the services, and of the drills.
fn namespaces(cx: &Cx<'_>) -> Items<Traced<Text>> {
    let services = &cx.system.services;
    let drills = services.iter().flat_map(|service| &service.databases).map(|database| {
        let because = cx.tracer.because(VELERO_SCOPE, &[database.drill_because]);
        (database.drill.as_ref().map(|drill| &drill.namespace), because)
    });
    let own = services.iter().map(|service| (Some(&service.namespace), service.because));
    let (mut all, mut seen) = (Items::default(), BTreeSet::new());
    let mut named: Vec<(Option<&Traced<Text>>, Origin)> = own.chain(drills).collect();
    named.sort_by(|a, b| a.0.map(Traced::get).cmp(&b.0.map(Traced::get)));
    for (name, because) in named {
        match name {
            Some(name) if seen.insert(name.get()) => {
                let because = cx.tracer.because(VELERO_SCOPE, &[because, name.origin()]);
                all.push(name.get().clone(), because, Traced::because(name.get().clone(), because));
            }
            Some(_) => {}
            None => all.leave_out("drills", because),
        }
    }
    all
}
