//! A key about a mesh that nothing reads.

use super::{Check, Context, Found};
use crate::origin::{Origin, Traced};
use crate::spec::platform::Peer;

pub(super) const CHECK: Check = check!("mesh-key-unused", Warn, One(run));

fn run(cx: &Context<'_>, found: &mut Found) {
    let Some(written) = &cx.system.environment.file.platform else { return };
    let account = |peer: &Option<Peer>| peer.as_ref()?.service_account.as_ref().map(Traced::origin);
    let peers = written.peers.as_ref();
    let accounts = [
        ("dns", "datagrams are not wrapped", peers.and_then(|p| account(&p.dns))),
        ("cnpg", "databases are no part of the mesh", peers.and_then(|p| account(&p.cnpg))),
        ("gateway", "", peers.and_then(|p| account(&p.gateway))),
        ("monitoring", "", peers.and_then(|p| account(&p.monitoring))),
        ("keda", "", peers.and_then(|p| account(&p.keda))),
    ];
    let has_mesh = cx.system.environment.platform.has_mesh();
    let none = written.mesh.as_ref().map(Traced::origin);
    let mut without = |key: &str, at: Origin| {
        found.push(
            cx.find(&CHECK, format!("`{key}` means nothing in `{}`, which has no mesh", cx.environment()))
                .at_key(at, "nothing reads it")
                .maybe_also(none, "no mesh")
                .help(format!(
                    "write `mesh = \"istio-ambient\"` below `[platform]` in `{}`, or take it away",
                    cx.environment_file()
                )),
        );
    };
    if !has_mesh {
        if let Some(at) = written.mesh_namespaces.at {
            without("platform.mesh_namespaces", Origin::spec(at));
        }
        for (name, _, at) in accounts {
            if let Some(at) = at {
                without(&format!("platform.peers.{name}.service_account"), at);
            }
        }
        return;
    }
    for (name, why, at) in accounts.into_iter().filter(|(_, why, _)| !why.is_empty()) {
        if let Some(at) = at {
            found.push(
                cx.find(&CHECK, format!("`platform.peers.{name}.service_account` means nothing"))
                    .at_key(at, why)
                    .help("take it away"),
            );
        }
    }
}
