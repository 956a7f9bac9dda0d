//! The variables of each workload: those that edges give, and those that the spec sets.
//!
//! A workload's own beat its service's, which beat the environment's, whatever the layer. What an edge gives has a name by
//! rule; a spec that sets a variable of that name is a check's finding, not an override.

mod certificates;

use std::borrow::Cow;

use crate::origin::{
    ENV_COMPOSED, ENV_EDGE, ENV_LOG_LEVEL, ENV_RUNTIME, ENV_UTILITIES, INHERIT, Origin, Traced, rule,
};
use crate::spec::decode::Map;
use crate::spec::edge::OutputRef;
use crate::spec::env::{ConfigMapRef, EnvValue, Format, Piece, SecretRef};
use crate::spec::environment::Tier;
use crate::spec::workload::SecretDelivery;
use crate::text::Text;
use crate::value::{EnvName, Value};

use super::outputs::{Given, Output, Outputs};
use super::{Container, Context, Edge, Service, Word, Workload, outputs, shard_map};

pub use certificates::CertificateFolder;

/// Where the folders of secrets are.
pub const SECRETS_ROOT: &str = "/run/secrets";

/// A variable of a container.
#[derive(Clone, Debug)]
pub struct Variable {
    /// its name
    pub name: Traced<Text>,
    /// why the workload has it
    pub because: Origin,
    /// who set it
    pub level: Level,
    /// its value
    pub value: VariableValue,
}

/// Who set a variable, lowest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// `[env]` of the environment
    Environment,
    /// `[env]` of the service
    Service,
    /// `[workloads.x.env]`
    Workload,
    /// an edge of `uses`, or the runtime
    Derived,
}

/// The value of a variable.
#[derive(Clone, Debug)]
pub enum VariableValue {
    /// text that the program shall see as it is
    Plain(Traced<Text>),
    /// text with `$(NAME)` references of ours that the kubelet expands
    Composed(Traced<Text>),
    /// text with `$(NAME)` references to variables of the same container, none of which came from a secret
    Expanded(Traced<Text>),
    /// a field of the pod
    Field(Traced<Text>),
    /// a key of a Secret
    Secret {
        /// name of the Secret
        secret: Traced<Text>,
        /// key in it
        key: Traced<Text>,
    },
    /// a request or limit of the container
    Resource(Traced<Text>),
    /// a key of a Secret that somebody else makes
    Foreign(SecretRef),
    /// a key of a ConfigMap that somebody else makes
    ConfigMap(ConfigMapRef),
    /// a reference that leads nowhere: a check reports it
    Unresolved(Traced<OutputRef>),
}

/// A folder of secrets in a container.
#[derive(Clone, Debug)]
pub struct SecretFolder {
    /// its name below [`SECRETS_ROOT`]
    pub name: Text,
    /// why it is there
    pub because: Origin,
    /// name of the Secret
    pub secret: Traced<Text>,
    /// the keys that become files
    pub keys: Vec<Traced<Text>>,
    /// keys that do not, and why
    pub withheld: Vec<(Text, Origin)>,
}

/// `text` as the kubelet must be told it, so that the program sees `text`: a `$` before `$` or `(` is doubled.
///
/// Source: Kubernetes' expansion of `$(NAME)` in `command`, `args` and `env`, where `$$` stands for `$`.
pub(crate) fn kubelet_literal(text: &str) -> Cow<'_, str> {
    if !text.contains("$$") && !text.contains("$(") {
        return Cow::Borrowed(text);
    }
    let mut literal = String::with_capacity(text.len() + 4);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        literal.push(character);
        if character == '$' && matches!(characters.peek(), Some('$' | '(')) {
            literal.push('$');
        }
    }
    Cow::Owned(literal)
}

/// The names in `$(NAME)` that the kubelet expands in `text`; `$$` stands for `$`.
fn names_in(text: &str) -> Vec<&str> {
    let (mut names, mut rest) = (Vec::new(), text);
    while let Some((_, after)) = rest.split_once('$') {
        rest = after.strip_prefix('$').unwrap_or(after);
        if let Some((name, after)) = after.strip_prefix('(').and_then(|after| after.split_once(')')) {
            names.push(name);
            rest = after;
        }
    }
    names
}

impl VariableValue {
    /// The variables that it refers to, which the container needs before it.
    pub fn refers_to(&self) -> Vec<&str> {
        match self {
            VariableValue::Composed(text) | VariableValue::Expanded(text) => names_in(text.get()),
            _ => Vec::new(),
        }
    }

    /// Its text, if it is one.
    pub fn text(&self) -> Option<&Traced<Text>> {
        match self {
            VariableValue::Plain(text) | VariableValue::Composed(text) | VariableValue::Expanded(text) => {
                Some(text)
            }
            _ => None,
        }
    }
}

impl Variable {
    /// The variables that its value refers to, which the container needs before it.
    pub fn refers_to(&self) -> Vec<&str> {
        self.value.refers_to()
    }
}

/// By name, but each after the variables that it refers to; what refers to itself keeps its place, and a check reports it.
fn in_order(mut waiting: Vec<Variable>) -> Vec<Variable> {
    waiting.sort_by(|a, b| {
        let late = |v: &Variable| !v.refers_to().is_empty();
        (late(a), a.name.get()).cmp(&(late(b), b.name.get()))
    });
    let plain = waiting.iter().take_while(|v| v.refers_to().is_empty()).count();
    let mut late = waiting.split_off(plain);
    while !late.is_empty() {
        let is_late = |name: &str| late.iter().any(|v| v.name.get() == name);
        let free = late.iter().position(|v| !v.refers_to().into_iter().any(is_late));
        waiting.push(late.remove(free.unwrap_or(0)));
    }
    waiting.shrink_to_fit();
    waiting
}

fn both(text: &str, plain: &mut String, expanded: &mut String) {
    plain.push_str(text);
    expanded.push_str(&kubelet_literal(text));
}

pub(super) fn resolve(services: &mut [Service], context: &Context<'_>) {
    let mut resolved = Vec::new();
    for (service_index, service) in services.iter().enumerate() {
        for (workload_index, workload) in service.workloads.iter().enumerate() {
            let given = outputs::of_edges(workload, service_index, services, context.tracer);
            let maps = shard_map::files((service, workload), &given, context.tracer);
            let scope = Scope { service, workload, given, context };
            let program = scope.program();
            let further: Vec<Started> =
                workload.containers().map(|c| scope.of_container(c, &program.variables)).collect();
            let folders = (scope.folders(), scope.certificates());
            resolved.push((service_index, workload_index, program, (folders, maps), further));
        }
    }
    for (service, workload, program, (folders, maps), further) in resolved {
        if let Some(workload) = services.get_mut(service).and_then(|s| s.workloads.get_mut(workload)) {
            (workload.variables, workload.command, workload.args) =
                (program.variables, program.command, program.args);
            (workload.secret_folders, workload.certificate_folders) = folders;
            workload.files.extend(maps);
            let containers = workload.sidecars.iter_mut().chain(&mut workload.init);
            for (container, started) in containers.zip(further) {
                (container.variables, container.command, container.args) =
                    (started.variables, started.command, started.args);
            }
        }
    }
}

/// What a container is started with.
struct Started {
    variables: Vec<Variable>,
    command: Vec<Word>,
    args: Vec<Word>,
}

struct Scope<'a> {
    service: &'a Service,
    workload: &'a Workload,
    given: Vec<(&'a Edge, Outputs)>,
    context: &'a Context<'a>,
}

impl Scope<'_> {
    fn as_variables(&self) -> bool {
        *self.workload.delivery.get() == SecretDelivery::Env
    }

    /// All variables in the order in which the kubelet needs them: what others refer to comes first.
    fn program(&self) -> Started {
        let mut derived = Vec::new();
        let command = self.words(&self.workload.command, &mut derived);
        let args = self.words(&self.workload.args, &mut derived);
        for (edge, outputs) in &self.given {
            self.given_by_edge(edge, outputs, &mut derived);
        }
        derived.extend(self.workload.migrates.as_ref().map(|m| m.session(self.context.tracer)));
        // what the runtime sets is a default: the spec may set it anew
        let mut written = self.runtime();
        written.extend(self.of_libpq());
        let levels: [(&Map<EnvName, EnvValue>, Level); 3] = [
            (&self.context.environment.env, Level::Environment),
            (&self.service.file.env, Level::Service),
            (&self.workload.env, Level::Workload),
        ];
        for (map, level) in levels {
            for (name, entry) in map.iter() {
                let value = self.value(&entry.value, &mut derived);
                let because = entry.key.origin();
                let name_of = Traced::because(name.clone(), because);
                written.push(Variable { name: name_of, because, level, value });
            }
        }
        written.sort_by(|a, b| a.name.get().cmp(b.name.get()));
        written.dedup_by(|later, first| {
            let same = later.name.get() == first.name.get();
            if same {
                std::mem::swap(later, first);
            }
            same
        });
        derived.extend(written);
        Started { variables: in_order(derived), command, args }
    }

    fn words(&self, written: &[Word], derived: &mut Vec<Variable>) -> Vec<Word> {
        let mut word = |word: &Word| match &word.format {
            Some(format) => Word { value: self.composed(format, derived), format: Some(format.clone()) },
            None => word.clone(),
        };
        written.iter().map(&mut word).collect()
    }

    /// What a container beside the program is started with: what is written for it, what that refers to, and the program's
    /// variables where it asks for them.
    fn of_container(&self, container: &Container, program: &[Variable]) -> Started {
        let mut all = Vec::new();
        let command = self.words(&container.command, &mut all);
        let args = self.words(&container.args, &mut all);
        for (name, entry) in container.env.iter() {
            let value = self.value(&entry.value, &mut all);
            let because = entry.key.origin();
            let name = Traced::because(name.clone(), because);
            all.push(Variable { name, because, level: Level::Workload, value });
        }
        if let Some(inherits) = container.inherits() {
            let own = all.len();
            for variable in program {
                let is_own = |other: &Variable| other.name.get() == variable.name.get();
                if !all.iter().take(own).any(is_own) {
                    let because = self.context.tracer.because(INHERIT, &[variable.because, inherits]);
                    all.push(Variable { because, ..variable.clone() });
                }
            }
        }
        Started { variables: in_order(all), command, args }
    }

    fn runtime(&self) -> Vec<Variable> {
        let Some(runtime) = self.service.file.runtime.as_ref().filter(|_| self.workload.image_is_runtime)
        else {
            return Vec::new();
        };
        let because = self.context.tracer.because(ENV_RUNTIME, &[Origin::spec(runtime.at)]);
        let set = |(name, value): (&'static str, &'static str)| Variable {
            name: rule(ENV_RUNTIME, name),
            because,
            level: Level::Derived,
            value: VariableValue::Plain(rule(ENV_RUNTIME, value)),
        };
        let mut all: Vec<Variable> =
            [("MALLOC_ARENA_MAX", "2"), ("OMP_NUM_THREADS", "1"), ("PYTHONUNBUFFERED", "1")].map(set).into();
        let tier = self.context.tier;
        let says = if *tier.get() == Tier::Dev { "debug" } else { "info" };
        let value = VariableValue::Plain(self.context.tracer.constant(ENV_LOG_LEVEL, &[tier.origin()], says));
        all.push(Variable { name: rule(ENV_LOG_LEVEL, "LOG_LEVEL"), because, level: Level::Derived, value });
        all
    }

    fn given_by_edge(&self, edge: &Edge, outputs: &Outputs, into: &mut Vec<Variable>) {
        let (edge, delivery) = (edge.written.origin(), self.workload.delivery.origin());
        let mut push = |name: String, why: &[Origin], value: VariableValue| {
            let inputs = [&[edge, outputs.prefix.origin()], why].concat();
            let because = self.context.tracer.because(ENV_EDGE, &inputs);
            let name = Traced::because(Text::from(name), because);
            into.push(Variable { name, because, level: Level::Derived, value });
        };
        for Given { name, output } in &outputs.all {
            let variable = outputs.variable(name.get());
            match output {
                Output::Text(text) => push(variable, &[name.origin()], VariableValue::Plain(text.clone())),
                Output::Secret { secret, key } if self.as_variables() => {
                    let value = VariableValue::Secret { secret: secret.clone(), key: key.clone() };
                    push(variable, &[name.origin(), delivery], value);
                }
                Output::Secret { .. } => {}
            }
        }
        if let (Some(folder), false) = (&outputs.folder, self.as_variables()) {
            let origin = self.context.tracer.because(ENV_UTILITIES, &[edge, folder.origin(), delivery]);
            let path = Text::from(format!("{SECRETS_ROOT}/{}", folder.get()));
            let variable = format!("{}DIR", outputs.prefix.get());
            push(variable, &[folder.origin(), delivery], VariableValue::Plain(Traced::because(path, origin)));
        }
    }

    fn value(&self, written: &EnvValue, derived: &mut Vec<Variable>) -> VariableValue {
        match written {
            EnvValue::Plain(text) => VariableValue::Plain(text.clone()),
            EnvValue::Field(path) => VariableValue::Field(path.map(|p| p.as_text().clone())),
            EnvValue::Resource(path) => VariableValue::Resource(path.map(|p| Text::Literal(p.as_str()))),
            EnvValue::Secret(reference) => VariableValue::Foreign(reference.clone()),
            EnvValue::ConfigMap(reference) => VariableValue::ConfigMap(reference.clone()),
            EnvValue::From(reference) => {
                let referred = |given: &Given, value: &Traced<Text>| {
                    let inputs = [reference.origin(), given.name.origin(), value.origin()];
                    let origin = self.context.tracer.because(ENV_COMPOSED, &inputs);
                    Traced::because(value.get().clone(), origin)
                };
                let Some((_, given)) = self.output(reference.get()) else {
                    return VariableValue::Unresolved(reference.clone());
                };
                match &given.output {
                    Output::Text(text) => VariableValue::Plain(referred(given, text)),
                    Output::Secret { secret, key } => {
                        VariableValue::Secret { secret: referred(given, secret), key: referred(given, key) }
                    }
                }
            }
            EnvValue::Format(format) => self.composed(format, derived),
        }
    }

    fn output(&self, reference: &OutputRef) -> Option<(&Outputs, &Given)> {
        let (_, outputs) = self.given.iter().find(|(edge, _)| edge.to == reference.edge)?;
        outputs.get(&reference.output).map(|given| (outputs, given))
    }

    /// The text of a `format`. The kubelet expands it when it holds a secret or another variable, so its plain parts are then escaped.
    fn composed(&self, format: &Traced<Format>, derived: &mut Vec<Variable>) -> VariableValue {
        let (mut plain, mut expanded) = (String::new(), String::new());
        let (mut inputs, mut has_secret, mut has_variable) = (vec![format.origin()], false, false);
        for piece in format.get().pieces() {
            match piece {
                Piece::Text(text) => both(text, &mut plain, &mut expanded),
                Piece::Variable(name) => {
                    has_variable = true;
                    expanded.extend(["$(", &name.text(), ")"]);
                }
                Piece::Output(reference) => {
                    let Some((outputs, given)) = self.output(reference) else {
                        return VariableValue::Unresolved(Traced::because(
                            reference.clone(),
                            format.origin(),
                        ));
                    };
                    inputs.extend([outputs.prefix.origin(), given.name.origin()]);
                    match &given.output {
                        Output::Text(value) => {
                            inputs.push(value.origin());
                            both(value.get(), &mut plain, &mut expanded);
                        }
                        Output::Secret { secret, key } => {
                            has_secret = true;
                            let name = outputs.variable(&reference.output);
                            expanded.extend(["$(", &name, ")"]);
                            self.secret_part(name, secret, key, format.origin(), derived);
                        }
                    }
                }
            }
        }
        let origin = self.context.tracer.because(ENV_COMPOSED, &inputs);
        if has_secret {
            VariableValue::Composed(Traced::because(expanded.into(), origin))
        } else if has_variable {
            VariableValue::Expanded(Traced::because(expanded.into(), origin))
        } else {
            VariableValue::Plain(Traced::because(plain.into(), origin))
        }
    }

    /// The variable that a composed one refers to, unless it is there already.
    fn secret_part(
        &self,
        name: String,
        secret: &Traced<Text>,
        key: &Traced<Text>,
        because: Origin,
        derived: &mut Vec<Variable>,
    ) {
        if derived.iter().any(|v| v.name.get() == name.as_str()) {
            return;
        }
        let origin = self.context.tracer.because(crate::origin::ENV_SECRET_PART, &[because]);
        derived.push(Variable {
            name: Traced::because(name.into(), origin),
            because: origin,
            level: Level::Derived,
            value: VariableValue::Secret { secret: secret.clone(), key: key.clone() },
        });
    }

    fn folders(&self) -> Vec<SecretFolder> {
        if self.as_variables() {
            return Vec::new();
        }
        let folder = |(edge, outputs): &(&Edge, Outputs)| {
            let folder = outputs.folder.as_ref()?;
            let inputs = [edge.written.origin(), folder.origin(), self.workload.delivery.origin()];
            let (secret, _) = outputs.secrets().next()?;
            Some(SecretFolder {
                name: folder.get().clone(),
                because: self.context.tracer.because(ENV_UTILITIES, &inputs),
                secret: secret.clone(),
                keys: outputs.secrets().map(|(_, key)| key.clone()).collect(),
                withheld: outputs.withheld.clone(),
            })
        };
        self.given.iter().filter_map(folder).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variable(name: &'static str, text: &'static str) -> Variable {
        let origin = Origin::rule(ENV_COMPOSED);
        let value = VariableValue::Expanded(Traced::because(Text::Literal(text), origin));
        let name = Traced::because(Text::Literal(name), origin);
        Variable { name, because: origin, level: Level::Workload, value }
    }

    #[test]
    fn the_kubelet_expands_names_in_parentheses_unless_the_dollar_is_doubled() {
        assert_eq!(names_in("http://$(HOST):$(PORT)/"), ["HOST", "PORT"]);
        assert_eq!(names_in("$$(HOST) $HOST $$$(PORT) $(open"), ["PORT"]);
        assert!(names_in(&kubelet_literal("$(HOST)$$(PORT)")).is_empty());
    }

    #[test]
    fn a_variable_comes_after_those_that_it_refers_to() {
        let set = [("A", "$(C)"), ("B", "$(A)/$(D)"), ("C", "$(D)"), ("D", "x"), ("E", "$(E)")];
        let ordered = in_order(set.map(|(name, text)| variable(name, text)).into());
        let names: Vec<&str> = ordered.iter().map(|v| v.name.get().as_str()).collect();
        assert_eq!(names, ["D", "C", "A", "B", "E"]);
    }
}
