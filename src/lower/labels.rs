//! Every label, selector and metadata: who an object is, made once and handed to whoever selects.
//!
//! Labels are those that Kubernetes recommends (docs: "Recommended Labels"). Selectors use `app.kubernetes.io/name` alone,
//! whose value is unique in a namespace; callers are selected by the same label, so no label can be borrowed.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Cx;
use crate::k8s::{LabelSelector, Labels, Metadata, TemplateMetadata};
use crate::origin::{LABELS, NET_MESH, Origin, Traced, rule};
use crate::system::{Service, Workload};
use crate::text::Text;
use crate::walk::Items;

const NAME: &str = "app.kubernetes.io/name";
/// CloudNativePG's label of a pooler's pods.
const POOLER: &str = "cnpg.io/poolerName";
/// The label that takes pods and namespaces into the mesh, or keeps pods out (Istio docs, "Add workloads to the mesh").
const MESH: &str = "istio.io/dataplane-mode";
const NAMESPACE: &str = "kubernetes.io/metadata.name";

/// Who a noun's objects are.
pub(crate) struct Identity {
    /// name of the objects
    pub(crate) name: Traced<Text>,
    /// where they live
    pub(crate) namespace: Traced<Text>,
    labels: Labels,
    selector: Labels,
}

impl Identity {
    pub(crate) fn new(
        cx: &Cx<'_>,
        service: &Service,
        name: &Traced<Text>,
        component: &Traced<Text>,
    ) -> Identity {
        let selector = BTreeMap::from([(Text::Literal(NAME), name.clone())]);
        let mut labels = selector.clone();
        labels.extend([
            ("app.kubernetes.io/instance".into(), name.clone()),
            ("app.kubernetes.io/component".into(), component.clone()),
            ("app.kubernetes.io/part-of".into(), cx.system.name.clone()),
            ("app.kubernetes.io/managed-by".into(), rule(LABELS, "specc")),
        ]);
        Identity {
            name: name.clone(),
            namespace: service.namespace.clone(),
            labels: Arc::new(labels),
            selector: Arc::new(selector),
        }
    }

    /// A pooler, whose pods carry the operator's labels: `name` is both its own and theirs.
    pub(crate) fn of_pooler(
        cx: &Cx<'_>,
        service: &Service,
        name: &Traced<Text>,
        component: &Traced<Text>,
    ) -> Identity {
        let selector = Arc::new(BTreeMap::from([(Text::Literal(POOLER), name.clone())]));
        Identity { selector, ..Self::new(cx, service, name, component) }
    }

    pub(crate) fn of_workload(cx: &Cx<'_>, service: &Service, workload: &Workload) -> Identity {
        Self::new(cx, service, &workload.object, &workload.name)
    }

    /// The same in another namespace.
    pub(crate) fn in_namespace(self, namespace: &Traced<Text>) -> Identity {
        Identity { namespace: namespace.clone(), ..self }
    }

    /// The name as text.
    pub(crate) fn name_text(&self) -> Text {
        self.name.get().clone()
    }

    /// The metadata of the object that carries the noun's name.
    pub(crate) fn metadata(&self) -> Metadata {
        self.metadata_named(self.name.clone())
    }

    /// The metadata of a further object of the noun.
    pub(crate) fn metadata_named(&self, name: Traced<Text>) -> Metadata {
        Metadata {
            name,
            namespace: Some(self.namespace.clone()),
            labels: self.labels.clone(),
            annotations: BTreeMap::new(),
        }
    }

    /// The metadata of the noun's pods.
    pub(crate) fn template(&self) -> TemplateMetadata {
        TemplateMetadata { labels: self.labels.clone(), annotations: BTreeMap::new() }
    }

    /// What selects the noun's pods, for Services.
    pub(crate) fn selector_labels(&self) -> Labels {
        self.selector.clone()
    }

    /// What selects the noun's pods.
    pub(crate) fn selector(&self) -> LabelSelector {
        LabelSelector { match_labels: self.selector.clone(), match_expressions: Items::default() }
    }
}

/// Takes pods into the mesh where no namespace of specc's does; a namespace takes in all its pods.
pub(crate) fn join_mesh(cx: &Cx<'_>, meshed: &Traced<bool>, metadata: &mut TemplateMetadata) {
    let managed = &cx.platform().manage_namespaces;
    if *meshed.get() && !managed.get() {
        let because = cx.tracer.because(NET_MESH, &[meshed.origin(), managed.origin()]);
        Arc::make_mut(&mut metadata.labels).insert(MESH.into(), Traced::because("ambient".into(), because));
    }
}

/// What decides whether pods have a label for the mesh: for what is made of all that is said of them.
pub(crate) fn why_mesh(cx: &Cx<'_>) -> Vec<Origin> {
    let platform = cx.platform();
    let managed = platform.has_mesh().then(|| platform.manage_namespaces.origin());
    [platform.mesh.origin()].into_iter().chain(managed).collect()
}

/// Keeps pods out of the mesh, whatever their namespace says.
pub(crate) fn leave_mesh(cx: &Cx<'_>, metadata: &mut TemplateMetadata) {
    let platform = cx.platform();
    if platform.has_mesh() {
        let because = cx.tracer.because(NET_MESH, &[platform.mesh.origin()]);
        Arc::make_mut(&mut metadata.labels).insert(MESH.into(), Traced::because("none".into(), because));
    }
}

/// Takes the pods of a namespace into the mesh.
pub(crate) fn namespace_joins_mesh(cx: &Cx<'_>, labels: &mut BTreeMap<Text, Traced<Text>>) {
    let platform = cx.platform();
    if platform.has_mesh() {
        let because = cx.tracer.because(NET_MESH, &[platform.mesh.origin()]);
        labels.insert(MESH.into(), Traced::because("ambient".into(), because));
    }
}

/// Labels of an object that belongs to the system as a whole.
pub(crate) fn of_system(cx: &Cx<'_>) -> BTreeMap<Text, Traced<Text>> {
    BTreeMap::from([
        ("app.kubernetes.io/part-of".into(), cx.system.name.clone()),
        ("app.kubernetes.io/managed-by".into(), rule(LABELS, "specc")),
    ])
}

/// A selector of the pods of a pooler.
pub(crate) fn pooler_named(name: Traced<Text>) -> LabelSelector {
    matching([(Text::Literal(POOLER), name)])
}

/// The key of the label that selectors use.
pub(crate) fn name_key() -> Text {
    Text::Literal(NAME)
}

/// The key of the label that selects namespaces by name.
pub(crate) fn namespace_key() -> Text {
    Text::Literal(NAMESPACE)
}

/// A selector of these labels.
pub(crate) fn matching(labels: impl IntoIterator<Item = (Text, Traced<Text>)>) -> LabelSelector {
    LabelSelector {
        match_labels: Arc::new(labels.into_iter().collect()),
        match_expressions: Items::default(),
    }
}

/// A selector of one namespace by its name, a label that the API server sets.
pub(crate) fn namespace_named(namespace: Traced<Text>) -> LabelSelector {
    matching([(Text::Literal(NAMESPACE), namespace)])
}
