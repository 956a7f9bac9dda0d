//! An address that carries the name of another environment.

use super::context::Finding;
use super::{Check, Context, Found};
use crate::origin::Origin;
use crate::system::{Service, VariableValue};
use crate::value::Url;

pub(super) const CHECK: Check = check!("env-points-elsewhere", Deny, One(run));

fn elsewhere<'c>(cx: &'c Context<'c>, service: &Service, at: Origin, host: &str, other: &str) -> Finding<'c> {
    let own = cx.environment();
    cx.find(&CHECK, format!("`{own}` points at `{host}`, which seems to belong to `{other}`"))
        .at(at, format!("`{other}` in the settings of `{own}`"))
        .also(cx.system.environment.tier.origin(), format!("this is `{own}`"))
        .note("one environment that reads or writes the data of another is how tests reach customers")
        .help(format!("write the address for `{own}` in `{}`", cx.overlay_file(service)))
}

/// Whether a label of the host is the name of an environment, or ends in it behind a hyphen. The last label is a domain of
/// the whole world (`acme.dev`) unless it has a hyphen.
fn names(host: &str, environment: &str) -> bool {
    let is_it = |label: &str| {
        label == environment || label.strip_suffix(environment).is_some_and(|rest| rest.ends_with('-'))
    };
    let mut labels = host.split('.').rev();
    labels.next().is_some_and(|last| last.contains('-') && is_it(last)) || labels.any(is_it)
}

fn run(cx: &Context<'_>, found: &mut Found) {
    let own = cx.environment();
    let listed = &cx.system.project.project.environments;
    let all = listed.iter().filter_map(|folder| folder.get().trim_end_matches('/').rsplit('/').next());
    let others: Vec<&str> = all.filter(|name| *name != own).collect();
    let mut judge = |service: &Service, host: &str, at: Origin| {
        let other = others.iter().find(|other| names(host, other));
        if let Some(other) = other.filter(|_| !names(host, own)) {
            found.push(elsewhere(cx, service, at, host, other));
        }
    };
    for service in &cx.system.services {
        for external in &service.externals {
            judge(service, external.url.get().host(), external.url.origin());
        }
        for workload in &service.workloads {
            for host in workload.routes.iter().flat_map(crate::system::workload::Route::all_hosts) {
                judge(service, host.name.get().trim_start_matches("*."), host.name.origin());
            }
            for variable in &workload.variables {
                let VariableValue::Plain(text) = &variable.value else { continue };
                let is_written = variable.level != crate::system::variables::Level::Derived;
                if let Some(url) = Url::find(text.get()).filter(|_| is_written) {
                    judge(service, url.host(), text.origin());
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn whole_labels_and_endings_count_and_public_domains_do_not() {
        for host in ["api.staging.acme.dev", "stub.checkout-staging", "api-staging.acme.dev"] {
            assert!(names(host, "staging"), "{host}");
        }
        assert!(!names("api.acme.dev", "dev") && names("api.dev.acme.dev", "dev"));
        assert!(!names("developer.acme.com", "dev") && !names("mydev.acme.com", "dev"));
    }
}
