//! Origins: where a value came from, in four bytes.
//!
//! Every value that reaches an emitted object is [`Traced`]: its [`Origin`] is a node of the merged spec, or a named
//! [`Rule`] applied to zero or more other origins. Only derived values touch an arena (the [`Trace`] of their
//! environment), so carrying origins costs a few percent of a build.
//!
//! The module knows neither the spec nor Kubernetes. Constants of the compiler come only from [`rule`], so each has a
//! name that `specc explain` can print; a formula is a `fn` pointer over declared inputs, so it cannot read an input that
//! it does not name. What types cannot prevent (reading [`Traced::get`] to choose a structure and not saying so) is held
//! by the test `tests/provenance.rs`, which turns each leaf of the example spec.

mod rules;

use std::cell::RefCell;
use std::num::NonZeroU32;

pub use rules::*;

/// A node of the merged spec of one environment: a key with its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NodeId(NonZeroU32);

impl NodeId {
    /// The id of the node at this index of the environment's table.
    pub(crate) fn new(index: u32) -> Self {
        // one more, so that no id takes no room
        NodeId(NonZeroU32::MIN.saturating_add(index))
    }

    /// The index into the environment's table of nodes.
    pub fn index(self) -> usize {
        self.0.get() as usize - 1
    }
}

/// A named rule of the compiler: an index into [`RULES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rule(u16);

/// What `specc explain` and the report say of a rule.
#[derive(Debug, serde::Serialize)]
pub struct RuleInfo {
    /// stable dotted name
    pub name: &'static str,
    /// one sentence: what it sets and why; for derived values the formula
    pub says: &'static str,
}

impl Rule {
    /// Name and sentence.
    pub fn info(self) -> &'static RuleInfo {
        static UNKNOWN: RuleInfo = RuleInfo { name: "unknown", says: "" };
        RULES.get(self.0 as usize).unwrap_or(&UNKNOWN)
    }
}

/// Why a value is what it is, or why a part is there: a spec node, a rule, or a rule over other origins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin(u32);

/// An [`Origin`] taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why<'t> {
    /// written in the spec
    Spec(NodeId),
    /// made by a rule from these origins, in the order of the rule's inputs
    Rule(Rule, &'t [Origin]),
}

impl Origin {
    const RULE: u32 = 0x8000_0000;
    const DERIVED: u32 = 0xC000_0000;

    /// Written in the spec at `node`.
    pub fn spec(node: NodeId) -> Self {
        let index = node.0.get() - 1;
        debug_assert!(index < Self::RULE, "more spec nodes than limits on input allow");
        Origin(index)
    }

    /// Decided by `rule` alone.
    pub fn rule(rule: Rule) -> Self {
        Origin(Self::RULE | u32::from(rule.0))
    }

    /// What is behind the origin, read in the trace that made it.
    pub fn why(self, trace: &Trace) -> Why<'_> {
        if self.0 < Self::RULE {
            Why::Spec(NodeId::new(self.0))
        } else if self.0 < Self::DERIVED {
            Why::Rule(Rule((self.0 & 0xFFFF) as u16), &[])
        } else {
            let index = (self.0 & !Self::DERIVED) as usize;
            trace.derived.get(index).map_or(Why::Rule(Rule(u16::MAX), &[]), |d| {
                let start = d.start as usize;
                Why::Rule(d.rule, trace.pool.get(start..start + usize::from(d.len)).unwrap_or(&[]))
            })
        }
    }

    /// Whether `node` is the origin, or is among the inputs that it was derived from, however deep.
    pub fn names(self, node: NodeId, trace: &Trace) -> bool {
        match self.why(trace) {
            Why::Spec(own) => own == node,
            Why::Rule(_, inputs) => inputs.iter().any(|o| o.names(node, trace)),
        }
    }

    /// Every spec node behind the origin, each once, in order of first mention.
    pub fn nodes(self, trace: &Trace) -> Vec<NodeId> {
        fn collect(origin: Origin, trace: &Trace, into: &mut Vec<NodeId>) {
            match origin.why(trace) {
                Why::Spec(node) if into.contains(&node) => {}
                Why::Spec(node) => into.push(node),
                Why::Rule(_, inputs) => inputs.iter().for_each(|o| collect(*o, trace, into)),
            }
        }
        let mut nodes = Vec::new();
        collect(self, trace, &mut nodes);
        nodes
    }
}

/// A value with its origin. The fields are private so that neither can be replaced alone.
#[derive(Clone, Copy, Debug)]
pub struct Traced<T> {
    value: T,
    origin: Origin,
}

impl<T> Traced<T> {
    /// A value that the spec holds at `node`.
    pub fn spec(value: T, node: NodeId) -> Self {
        Traced { value, origin: Origin::spec(node) }
    }

    /// A value for which `origin` answers: used where one decision yields several values.
    pub fn because(value: T, origin: Origin) -> Self {
        Traced { value, origin }
    }

    /// The value. Whoever chooses a structure by it must give that structure this origin (or one derived from it).
    pub fn get(&self) -> &T {
        &self.value
    }

    /// Where it came from.
    pub fn origin(&self) -> Origin {
        self.origin
    }

    /// The same value in another type.
    pub fn cast<U: From<T>>(self) -> Traced<U> {
        Traced { value: self.value.into(), origin: self.origin }
    }

    /// The same fact in another form. A `fn`, not a closure that captures: a second input needs [`Tracer::derive`].
    pub fn map<U>(&self, f: fn(&T) -> U) -> Traced<U> {
        Traced { value: f(&self.value), origin: self.origin }
    }
}

/// A constant of the compiler: it belongs to the rule that names it.
pub fn rule<T, U: From<T>>(rule: Rule, value: T) -> Traced<U> {
    Traced { value: value.into(), origin: Origin::rule(rule) }
}

#[derive(Debug)]
struct Derived {
    rule: Rule,
    start: u32,
    len: u16,
}

/// The derivations of one environment: what derived [`Origin`]s point into.
#[derive(Debug, Default)]
pub struct Trace {
    derived: Vec<Derived>,
    pool: Vec<Origin>,
}

/// A point in what a [`Tracer`] recorded.
#[derive(Clone, Copy, Debug)]
pub struct Mark {
    derived: usize,
    pool: usize,
}

/// Records derivations while an environment is resolved and lowered.
#[derive(Debug, Default)]
pub struct Tracer(RefCell<Trace>);

impl Tracer {
    /// The value of `f` over `inputs`, with an origin that names the rule and each input.
    pub fn derive<I: Inputs, T>(&self, rule: Rule, inputs: I, f: fn(I::Values) -> T) -> Traced<T> {
        let mut origins = Vec::new();
        inputs.origins(&mut |o| origins.push(o));
        Traced { origin: self.because(rule, &origins), value: f(inputs.values()) }
    }

    /// An origin for a decision (a presence, an omission, a choice) that `rule` took from `inputs`.
    pub fn because(&self, rule: Rule, inputs: &[Origin]) -> Origin {
        if inputs.is_empty() {
            return Origin::rule(rule);
        }
        let mut trace = self.0.borrow_mut();
        let start = u32::try_from(trace.pool.len()).unwrap_or(u32::MAX);
        let inputs = inputs.get(..usize::from(u16::MAX).min(inputs.len())).unwrap_or(inputs);
        trace.pool.extend_from_slice(inputs);
        let len = u16::try_from(inputs.len()).unwrap_or(u16::MAX);
        let index = u32::try_from(trace.derived.len()).unwrap_or(u32::MAX);
        trace.derived.push(Derived { rule, start, len });
        Origin(Origin::DERIVED | index)
    }

    /// A constant that `rule` sets because of `inputs`: a tier's default, for one.
    pub fn constant<T, U: From<T>>(&self, rule: Rule, inputs: &[Origin], value: T) -> Traced<U> {
        Traced { value: value.into(), origin: self.because(rule, inputs) }
    }

    /// How much has been recorded, for [`Tracer::rewind`].
    pub fn mark(&self) -> Mark {
        let trace = self.0.borrow();
        Mark { derived: trace.derived.len(), pool: trace.pool.len() }
    }

    /// Forgets what was recorded after `mark`: for whoever makes objects and drops them again. No origin that was made
    /// since may be left.
    pub fn rewind(&self, mark: Mark) {
        let mut trace = self.0.borrow_mut();
        trace.derived.truncate(mark.derived);
        trace.pool.truncate(mark.pool);
    }

    /// Runs `f` with the trace as far as it has been recorded.
    pub fn with<R>(&self, f: impl FnOnce(&Trace) -> R) -> R {
        f(&self.0.borrow())
    }

    /// The trace as far as it has been recorded; while it is held, nothing may be recorded.
    pub fn trace(&self) -> std::cell::Ref<'_, Trace> {
        self.0.borrow()
    }

    /// The finished trace.
    pub fn finish(self) -> Trace {
        self.0.into_inner()
    }
}

/// What a formula reads: a tuple of references to traced values, or a slice of them.
pub trait Inputs {
    /// what the formula sees
    type Values;
    /// the values alone
    fn values(self) -> Self::Values;
    /// calls `f` with each origin, in order
    fn origins(&self, f: &mut dyn FnMut(Origin));
}

macro_rules! inputs {
    ($($T:ident $i:tt),+) => {
        impl<'a, $($T),+> Inputs for ($(&'a Traced<$T>,)+) {
            type Values = ($(&'a $T,)+);
            fn values(self) -> Self::Values { ($(&self.$i.value,)+) }
            fn origins(&self, f: &mut dyn FnMut(Origin)) { $(f(self.$i.origin);)+ }
        }
    };
}
inputs!(A 0);
inputs!(A 0, B 1);
inputs!(A 0, B 1, C 2);
inputs!(A 0, B 1, C 2, D 3);
inputs!(A 0, B 1, C 2, D 3, E 4);

impl<'a, T> Inputs for &'a [Traced<T>] {
    type Values = &'a [Traced<T>];
    fn values(self) -> Self::Values {
        self
    }
    fn origins(&self, f: &mut dyn FnMut(Origin)) {
        self.iter().for_each(|t| f(t.origin));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_derived_value_names_all_its_inputs_and_nothing_else() {
        let tracer = Tracer::default();
        let (a, b) = (Traced::spec(3u32, NodeId::new(7)), Traced::spec(4u32, NodeId::new(8)));
        let sum = tracer.derive(GRACE, (&a, &b), |(a, b)| a + b);
        let twice = tracer.derive(GRACE, (&sum,), |(s,)| s * 2);
        assert_eq!(*twice.get(), 14);
        let trace = tracer.finish();
        assert!(twice.origin().names(NodeId::new(7), &trace) && twice.origin().names(NodeId::new(8), &trace));
        assert!(!twice.origin().names(NodeId::new(9), &trace));
        assert_eq!(twice.origin().nodes(&trace), [NodeId::new(7), NodeId::new(8)]);
        assert_eq!(size_of::<Origin>(), 4);
    }

    #[test]
    fn rules_are_sorted_by_name_and_unique() {
        for pair in RULES.windows(2) {
            assert!(pair[0].name < pair[1].name, "`{}` must come before `{}`", pair[1].name, pair[0].name);
        }
    }
}
