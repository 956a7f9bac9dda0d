//! Migrations that somebody runs by hand: a container whose command is a known tool, instead of `[databases.x.migrate]`.
//!
//! A command says what it is by its words; a wrapper script hides it, so what these checks find is the obvious. Each run
//! has one problem, the worst: through a pooler, in several pods at once, without limits of its session.

use super::Context;
use super::context::path_of;
use crate::origin::{Origin, Traced};
use crate::spec::database::PoolMode;
use crate::spec::workload::WorkloadKind;
use crate::system::variables::{Variable, VariableValue};
use crate::system::{Database, Replicas, Target, Word, Workload};
use crate::text::Text;

/// A program that changes schemas, and the word behind it that makes it do so.
const TOOLS: &[(&str, &str)] = &[
    ("aerich", "upgrade"),
    ("alembic", "upgrade"),
    ("atlas", "migrate"),
    ("dbmate", "migrate"),
    ("dbmate", "up"),
    ("diesel", "migration"),
    ("django-admin", "migrate"),
    ("flyway", "migrate"),
    ("goose", "up"),
    ("knex", "migrate:latest"),
    ("liquibase", "update"),
    ("manage.py", "migrate"),
    ("migrate", "up"),
    ("prisma", "migrate"),
    ("rails", "db:migrate"),
    ("rake", "db:migrate"),
    ("sequelize", "db:migrate"),
    ("sqitch", "deploy"),
    ("sqlx", "migrate"),
    ("typeorm", "migration:run"),
    ("yoyo", "apply"),
];

/// What is wrong with a migration that is run by hand.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Problem {
    /// it runs through a pooler that lends connections for a transaction
    Pooler,
    /// several pods run it at once
    Race,
    /// its statements wait for locks as long as it takes
    Unguarded,
}

/// A migration that is run by hand.
pub(super) struct ByHand<'a> {
    pub(super) workload: &'a Workload,
    /// `shop.workloads.api`, or of a container `shop.workloads.api.init.schema`
    pub(super) path: String,
    /// the name of the init container, if it is one
    pub(super) container: Option<&'a Text>,
    /// the word that gives it away
    pub(super) tool: &'static str,
    pub(super) at: Origin,
    /// its command in TOML
    pub(super) command: String,
    pub(super) database: &'a Database,
    pub(super) problem: Option<Problem>,
}

/// The first word of a tool among the words of a command, also of one that is handed to a shell.
fn tool<'w>(words: impl Iterator<Item = &'w Traced<Text>>) -> Option<(&'static str, Origin)> {
    let all: Vec<(&str, Origin)> = words
        .flat_map(|word| word.get().split_whitespace().map(|part| (part, word.origin())))
        .map(|(part, origin)| (part.trim_matches(['"', '\'', ';']), origin))
        .collect();
    let base = |part: &'w str| part.rsplit('/').next().unwrap_or(part);
    TOOLS.iter().find_map(|(program, verb)| {
        let at = all.iter().position(|(part, _)| base(part) == *program)?;
        let (_, origin) = all.get(at)?;
        all.iter().skip(at + 1).any(|(part, _)| part == verb).then_some((*program, *origin))
    })
}

/// Whether the sessions of a container are told how long to wait for a lock.
fn has_lock_timeout(variables: &[Variable]) -> bool {
    variables.iter().any(|variable| match &variable.value {
        VariableValue::Plain(text) | VariableValue::Composed(text) | VariableValue::Expanded(text) => {
            text.get().contains("lock_timeout")
        }
        // what it holds is not known here
        VariableValue::Foreign(_) | VariableValue::ConfigMap(_) => variable.name.get() == "PGOPTIONS",
        _ => false,
    })
}

/// Whether several pods of a workload may start at the same time.
fn is_many(workload: &Workload) -> bool {
    match &workload.replicas {
        Replicas::Fixed(count) => *count.get() > 1,
        Replicas::Auto { max, .. } => *max.get() > 1,
        Replicas::None(_) => *workload.kind.get() == WorkloadKind::Daemon,
    }
}

/// Every migration of an environment that is run by hand.
pub(super) fn by_hand<'a>(cx: &Context<'a>) -> Vec<ByHand<'a>> {
    let mut all = Vec::new();
    for (service, workload) in cx.system.workloads().filter(|(_, workload)| workload.migrates.is_none()) {
        let database = workload.edges.iter().find_map(|edge| match edge.target {
            Some(Target::Database(index)) => service.databases.get(index),
            _ => None,
        });
        let Some(database) = database else { continue };
        let is_pooled = !database.is_direct(workload) && *database.pool_mode.get() == PoolMode::Transaction;
        let path = path_of(service, workload);
        let texts = |words: &[Word]| words.iter().filter_map(Word::text).cloned().collect::<Vec<_>>();
        let words = |command: &[Traced<Text>], args: &[Traced<Text>]| {
            let quoted: Vec<String> =
                command.iter().chain(args).map(|word| format!("\"{}\"", word.get())).collect();
            format!("[{}]", quoted.join(", "))
        };
        let mut add = |container, command: &[Word], args: &[Word], variables: &[Variable]| {
            let (command, args) = (&*texts(command), &*texts(args));
            let Some((tool, at)) = tool(command.iter().chain(args)) else { return };
            let path = match container {
                Some(name) => format!("{path}.init.{name}"),
                None => path.clone(),
            };
            let problem = if is_pooled {
                Some(Problem::Pooler)
            } else if is_many(workload) {
                Some(Problem::Race)
            } else {
                (!has_lock_timeout(variables)).then_some(Problem::Unguarded)
            };
            let command = words(command, args);
            all.push(ByHand { workload, path, container, tool, at, command, database, problem });
        };
        add(None, &workload.command, &workload.args, &workload.variables);
        for init in &workload.init {
            add(Some(init.name.get()), &init.command, &init.args, &init.variables);
        }
    }
    all
}

/// What to write instead.
pub(super) fn instead(run: &ByHand<'_>) -> String {
    let gone = match run.container {
        Some(name) => format!("`[workloads.{}.init.{name}]`", run.workload.name.get()),
        None => "it".to_owned(),
    };
    format!(
        "write `migrate = {{ command = {} }}` below `[databases.{}]` and delete {gone}: a job of its own then runs once, before \
         the new version, past the pooler",
        run.command,
        run.database.name.get()
    )
}
