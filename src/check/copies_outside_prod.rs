//! Copies of manifests where the repository is all that is needed.

use super::{Check, Context, Found};
use crate::spec::environment::Tier;
use crate::spec::platform::AddOn;

pub(super) const CHECK: Check = check!("copies-outside-prod", Warn, One(run));

fn run(cx: &Context<'_>, found: &mut Found) {
    let platform = &cx.system.environment.platform;
    let wanted = &platform.velero.wanted;
    if cx.is_tier(Tier::Prod) || !platform.has(AddOn::Velero) || !*wanted.get() {
        return;
    }
    found.push(
        cx.find(&CHECK, format!("Velero copies the manifests of `{}`, which the repository has already", cx.environment()))
            .at(wanted.origin(), "a copy of what `specc build` makes")
            .also(cx.system.environment.tier.origin(), "not prod")
            .note("the same spec gives the same bytes at any time; a copy is for what was changed by hand, and for a day without git")
            .help("delete the line, or write `backup = false` if it comes from another environment"),
    );
}
