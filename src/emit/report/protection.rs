//! What the report says of encryption: every edge, and everything that keeps data.

use serde::Serialize;

use crate::origin::Traced;
use crate::spec::data::DataClass;
use crate::spec::decode::Choice;
use crate::system::System;
use crate::system::protection::{self, Encrypted, Kept};

/// An edge.
#[derive(Serialize)]
pub(super) struct InTransit {
    from: String,
    to: String,
    port: String,
    class: &'static str,
    by: String,
}

/// Something that keeps data.
#[derive(Serialize)]
pub(super) struct AtRest {
    of: String,
    what: String,
    class: &'static str,
    by: String,
}

fn word(class: Option<&Traced<DataClass>>) -> &'static str {
    class.map_or("-", |class| class.get().word())
}

/// Every edge that crosses pods.
pub(super) fn in_transit(system: &System) -> Vec<InTransit> {
    let row = |flow: protection::Flow| InTransit {
        class: word(flow.class.as_ref()),
        by: match flow.encrypted {
            Encrypted::Mesh => "the mesh".to_owned(),
            Encrypted::Tls(how) => how.to_owned(),
            Encrypted::Plain(why) => format!("nothing: {why}"),
        },
        from: flow.from,
        to: flow.to,
        port: flow.port,
    };
    let mut rows: Vec<InTransit> = protection::flows(system).into_iter().map(row).collect();
    rows.dedup_by(|one, other| {
        (&one.from, &one.to, &one.port, &one.by) == (&other.from, &other.to, &other.port, &other.by)
    });
    rows
}

/// Everything that keeps data.
pub(super) fn at_rest(system: &System) -> Vec<AtRest> {
    let row = |place: protection::Place| AtRest {
        class: word(place.class.as_ref()),
        by: match place.kept {
            Kept::Encrypted(name) => format!("the platform: `{name}` is declared to encrypt"),
            Kept::Plain(name) => format!("nothing: `{name}` is declared not to encrypt"),
            Kept::Undeclared(name) => format!("not known: nothing is declared of `{name}`"),
            Kept::Default => "not known: the cluster's default StorageClass".to_owned(),
            Kept::Memory => "never on a disk: in the memory of its pod".to_owned(),
            Kept::Store(how) => format!("the object store, with {how}"),
            Kept::Foreign => "not known: somebody else makes the volume".to_owned(),
            Kept::Node => "not known: it is a disk of the node".to_owned(),
        },
        of: place.of,
        what: place.what,
    };
    protection::places(system).into_iter().map(row).collect()
}
