//! A platform with two ways in.

use super::{Check, Context, Found};

pub(super) const CHECK: Check = check!("gateway-and-ingress", Error, One(run));

fn run(cx: &Context<'_>, found: &mut Found) {
    let platform = &cx.system.environment.platform;
    let (Some(gateway), Some(class)) = (&platform.gateway, &platform.ingress_class) else { return };
    let title = format!("`{}` names a Gateway and an IngressClass, and routes take one", cx.environment());
    found.push(
        cx.find(&CHECK, title)
            .at_key(class.origin(), "routes would be Ingresses")
            .also_key(gateway.origin(), "routes would attach to it")
            .note("a Gateway can do all that an Ingress can, and more of it in one way everywhere")
            .help(format!(
                "delete `ingress_class`, or, where the cluster has no Gateway, `gateway`; what an environment inherits goes with `remove = [\"platform.ingress_class\"]` at the top of `{}`",
                cx.environment_file()
            )),
    );
}
