//! The link check sees every kind of reference that leads nowhere, those included that no outside referee sees.

use std::path::Path;

use specc::bundle::{Bundle, Emitted};
use specc::diagnostic::Sink;
use specc::k8s::{NameOf, Object};
use specc::link::{Links, Names};
use specc::origin::{KIND, rule};
use specc::source::SourceMap;
use specc::text::Text;
use specc::walk::IntOrString;
use specc::{Compilation, Environment};

/// What the check must say, and the change that breaks a reference.
type Fault = (&'static str, fn(&mut Object));

fn example() -> Compilation {
    crate::golden::compiled(&Path::new(env!("CARGO_MANIFEST_DIR")).join("environments"))
}

/// The titles of what the link check finds in the production objects after `change` was made to each of them: the same
/// whether it hears of them at once or one by one.
fn found(environment: &Environment, change: impl Fn(&mut Object)) -> Vec<String> {
    let mut all = environment.bundle();
    all.objects.iter_mut().for_each(|emitted| change(&mut emitted.object));
    let part = |emitted: &Emitted| Bundle { objects: vec![emitted.clone()], absent: Vec::new() };
    let single: Vec<Bundle> = all.objects.iter().map(part).collect();
    let found = titles(environment, &[all]);
    assert_eq!(titles(environment, &single), found);
    found
}

fn titles(environment: &Environment, parts: &[Bundle]) -> Vec<String> {
    let mut links = Links::new(&environment.system.environment.platform);
    for part in parts {
        let heard = |emitted: &Emitted| {
            let mut names = Names::default();
            emitted.object.as_walk().walk(&mut names);
            names
        };
        links.add(part, part.objects.iter().map(heard).collect());
    }
    let mut sink = Sink::default();
    links.finish(&mut sink);
    sink.into_sorted(&SourceMap::default()).into_iter().map(|d| d.title).collect()
}

fn is_api(object: &Object) -> bool {
    object.metadata().name.get() == "orders-api"
}

#[test]
fn every_reference_of_the_example_leads_somewhere() {
    for environment in &example().environments {
        assert_eq!(found(environment, |_| ()), Vec::<String>::new(), "{}", environment.name);
    }
}

#[test]
fn each_broken_reference_is_found() {
    let compiled = example();
    let prod = compiled.environments.last().unwrap();
    let faults: &[Fault] = &[
        ("the pod's port `htttp`", |o| {
            if let Object::Service(service) = o {
                let port: IntOrString = "htttp".into();
                service.spec.ports.iter_mut().for_each(|p| p.value.target_port = rule(KIND, port.clone()));
            }
        }),
        ("`ServiceAccount/nobody`", |o| {
            if let Object::Deployment(deployment) = o {
                let nobody = NameOf::new("ServiceAccount", "nobody");
                deployment.spec.template.spec.service_account_name = rule(KIND, nobody);
            }
        }),
        ("port 81 of `Service/orders-api`", |o| {
            if let Object::HTTPRoute(route) = o {
                for routed in route.spec.rules.iter_mut() {
                    routed.value.backend_refs.iter_mut().for_each(|b| b.value.port = rule(KIND, 81u16));
                }
            }
        }),
        ("key `private.pem` of `Secret/orders-secret-signing`", |o| {
            if let Object::ExternalSecret(secret) = o {
                let other: Text = "other.pem".into();
                secret.spec.data.iter_mut().for_each(|d| d.value.secret_key = rule(KIND, other.clone()));
            }
        }),
        ("`ConfigMap/orders-api-files-", |o| {
            if let Object::ConfigMap(config) = o {
                config.metadata.name = rule(KIND, "renamed");
            }
        }),
        ("a mount of the volume `tmp`", |o| {
            if let Object::Deployment(deployment) = o {
                for container in deployment.spec.template.spec.containers.iter_mut() {
                    let other: Text = "other".into();
                    let first = container.value.volume_mounts.iter_mut().next().unwrap();
                    first.value.name = rule(KIND, other);
                }
            }
        }),
        ("pods by a selector", |o| {
            if let Object::PodDisruptionBudget(budget) = o {
                budget.spec.selector.match_labels = std::sync::Arc::new(
                    [("app.kubernetes.io/name".into(), rule(KIND, "orders-apii"))].into_iter().collect(),
                );
            }
        }),
        ("`Deployment/gone`", |o| {
            if let Object::HorizontalPodAutoscaler(scaler) = o {
                scaler.spec.scale_target_ref.name = rule(KIND, NameOf::new("Deployment", "gone"));
            }
        }),
        ("`AuthorizationPolicy/orders-api`", |o| {
            // what opens the mesh's port and leaves the ports behind it to nobody
            if let Object::AuthorizationPolicy(policy) = o {
                policy.metadata.name = rule(KIND, "renamed");
            }
        }),
        ("the pod's port 81", |o| {
            if let Object::PeerAuthentication(policy) = o {
                let levels = &mut policy.spec.port_level_mtls;
                let (_, level) = levels.pop_first().unwrap();
                levels.insert("81".into(), level);
            }
        }),
        ("there are two objects of this name", |o| {
            if let Object::ServiceAccount(account) = o {
                account.metadata.name = rule(KIND, "one");
            }
        }),
    ];
    for (expected, fault) in faults {
        let found = found(prod, |object| {
            if is_api(object)
                || matches!(
                    object,
                    Object::ExternalSecret(_)
                        | Object::ConfigMap(_)
                        | Object::ServiceAccount(_)
                        // the one of the api has a field by the way out, and so is no object of a type any more
                        | Object::HorizontalPodAutoscaler(_)
                )
            {
                fault(object);
            }
        });
        assert!(found.iter().any(|title| title.contains(expected)), "{expected}: {found:#?}");
    }
}
