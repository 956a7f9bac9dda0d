//! The variables of a container.

use crate::k8s::{
    AllKeys, EnvFromSource, EnvSource, EnvVar, FieldRef, KeyRef, KeysOf, NameOf, ResourceFieldRef, ValueFrom,
    ValueSource,
};
use crate::lower::{Cx, amount};
use crate::origin::{ENV_ESCAPED, Origin, Traced};
use crate::spec::decode::Map;
use crate::spec::env::EnvFrom;
use crate::system::{Variable, VariableValue};
use crate::text::Text;
use crate::value::Name;
use crate::walk::Items;

/// Plain text as the kubelet must be told it: `$(` and `$$` are doubled, or it would expand them.
///
/// Source: Kubernetes' expansion syntax for `command`, `args` and `env`: `$$` stands for `$`.
pub(super) fn escaped(cx: &Cx<'_>, text: &Traced<Text>) -> Traced<Text> {
    match crate::system::variables::kubelet_literal(text.get()) {
        std::borrow::Cow::Borrowed(_) => text.clone(),
        std::borrow::Cow::Owned(escaped) => {
            Traced::because(escaped.into(), cx.tracer.because(ENV_ESCAPED, &[text.origin()]))
        }
    }
}

pub(super) fn env(cx: &Cx<'_>, variables: &[Variable]) -> Items<EnvVar> {
    let mut env = Items::default();
    for variable in variables {
        if let Some(source) = source(cx, variable) {
            let key = variable.name.get().clone();
            env.push(key, variable.because, EnvVar { name: variable.name.clone(), source });
        }
    }
    env
}

fn source(cx: &Cx<'_>, variable: &Variable) -> Option<EnvSource> {
    let from = |source| Some(EnvSource::From(ValueFrom { source }));
    match &variable.value {
        VariableValue::Plain(text) => Some(EnvSource::Value(escaped(cx, text))),
        VariableValue::Composed(text) | VariableValue::Expanded(text) => Some(EnvSource::Value(text.clone())),
        VariableValue::Field(path) => from(ValueSource::Field(FieldRef { field_path: path.clone() })),
        VariableValue::Resource(path) => {
            from(ValueSource::Resource(ResourceFieldRef { resource: path.clone() }))
        }
        VariableValue::Secret { secret, key } => from(ValueSource::SecretKey(KeyRef {
            name: NameOf::of("Secret", secret),
            key: key.clone(),
            optional: None,
        })),
        VariableValue::Foreign(reference) => from(ValueSource::SecretKey(KeyRef {
            name: NameOf::foreign(&amount(&reference.secret)),
            key: amount(&reference.key),
            optional: reference.optional,
        })),
        VariableValue::ConfigMap(reference) => from(ValueSource::ConfigMapKey(KeyRef {
            name: NameOf::foreign(&amount(&reference.config_map)),
            key: amount(&reference.key),
            optional: reference.optional,
        })),
        VariableValue::Unresolved(_) => None,
    }
}

/// Objects whose keys are all variables.
pub(super) fn env_from(
    written: &Map<Name, EnvFrom>,
    all: &mut Items<EnvFromSource>,
    because: &dyn Fn(Origin) -> Origin,
) {
    for (name, entry) in written.iter() {
        let table = &entry.value;
        let keys = |name| KeysOf { name: NameOf::foreign(&amount(name)), optional: table.optional };
        let source = match (&table.secret, &table.config_map) {
            (Some(secret), _) => AllKeys::Secret(keys(secret)),
            (None, Some(map)) => AllKeys::ConfigMap(keys(map)),
            (None, None) => continue, // a check reports it
        };
        let prefix = table.prefix.as_ref().map(amount);
        all.push(name.clone(), because(Origin::spec(table.at)), EnvFromSource { prefix, source });
    }
}
