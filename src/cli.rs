//! The command line. The only module that prints: data to stdout, messages to stderr.
//!
//! One file a command. A command returns the exit code: 0 clean or warnings, 1 findings or drift, 2 could not do it.

mod build;
mod check;
mod completions;
mod env;
mod explain;
mod init;
mod output;
mod pitr;
mod place;
mod schema;
mod secrets;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::diagnostic::render::Format;
use output::Terminal;

/// specc: a typed TOML spec of your services in, Kubernetes manifests out.
#[derive(Debug, Parser)]
#[command(
    name = "specc",
    version,
    propagate_version = true,
    subcommand_required = true,
    arg_required_else_help = true,
    max_term_width = 100,
    after_help = "Exit codes: 0 clean, warnings included; 1 findings, or drift; 2 it could not be done.\n\n\
                  For help with a specific command, see: `specc help <command>`."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    global: Global,
}

/// Options of every command.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
struct Global {
    /// How findings are written: `full` with source lines, `concise` one line each, `json`, or `github` annotations
    #[arg(
        long,
        global = true,
        value_enum,
        default_value = "full",
        value_name = "FORMAT",
        hide_possible_values = true
    )]
    output_format: Format,
    /// When to use colours: `auto`, `always` or `never`
    #[arg(
        long,
        global = true,
        value_enum,
        default_value = "auto",
        value_name = "WHEN",
        hide_possible_values = true
    )]
    color: ColorChoice,
    /// Print findings and nothing else
    #[arg(short, long, global = true)]
    quiet: bool,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum ColorChoice {
    /// on a terminal that can show them
    Auto,
    /// always
    Always,
    /// never
    Never,
}

/// What to do.
#[derive(Debug, Subcommand)]
enum Command {
    /// Write the manifests of environments
    Build(Build),
    /// Check environments without writing anything
    Check(Check),
    /// Say where a value comes from, why an object is there or is not, or what a code means
    Explain(Explain),
    /// List the variables of all workloads, environments side by side
    Env(Env),
    /// List the secrets that must exist, and who reads them
    Secrets(Secrets),
    /// Begin a project that builds
    Init(Init),
    /// Print the manifests that restore a database to a point in time
    Pitr(Pitr),
    /// Print the JSON Schema of a kind of file, for editors
    Schema(Schema),
    /// Print completions for a shell
    Completions(Completions),
}

/// `specc build`
#[derive(Debug, Args)]
#[command(
    after_help = "A spec with an error writes nothing, and no file is touched that specc did not write: each output\n\
                        folder has a `specc.lock` that lists what is specc's, with digests."
)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own on the command line")]
struct Build {
    /// Environments: folders, such as `environments/prod`, or names. The project's own folder means all of them
    #[arg(value_name = "ENVIRONMENT", required_unless_present = "all")]
    environments: Vec<String>,
    /// All environments, and what compares them: charts, or values files. ENVIRONMENT then only says where the project is
    #[arg(long)]
    all: bool,
    /// Write nothing; list what differs and exit with 1 if anything does
    #[arg(long, help_heading = "Mode", conflicts_with_all = ["dry_run", "force"])]
    check: bool,
    /// Write nothing; list what would be written and deleted
    #[arg(long, help_heading = "Mode")]
    dry_run: bool,
    /// Write to `<DIR>/<environment>` instead of the project's `out`
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    out: Option<PathBuf>,
    /// Print all objects as one stream to stdout: `-o -`
    #[arg(
        short = 'o',
        value_name = "-",
        help_heading = "Output",
        value_parser = ["-"],
        hide_possible_values = true,
        conflicts_with_all = ["check", "dry_run", "out", "force"]
    )]
    stream: Option<String>,
    /// Replace files that are in the way although they were edited by hand or are not specc's
    #[arg(long, help_heading = "Output")]
    force: bool,
    /// Return only when the files would survive a power cut
    #[arg(long, help_heading = "Output")]
    durable: bool,
    /// Judge end dates, such as `until` of a waiver, as of this day: `2027-01-31`. Without it none has passed
    #[arg(long, value_name = "DATE", value_parser = day)]
    as_of: Option<String>,
    /// Compare with this commit, branch or tag: what holds data may not shrink, vanish or change its name without a word
    #[arg(long, value_name = "REVISION")]
    since: Option<String>,
}

/// `specc check`
#[derive(Debug, Args)]
struct Check {
    /// Environments: folders, such as `environments/prod`, or names; all of the project without any
    #[arg(value_name = "ENVIRONMENT")]
    environments: Vec<String>,
    /// Judge end dates, such as `until` of a waiver, as of this day: `2027-01-31`. Without it none has passed
    #[arg(long, value_name = "DATE", value_parser = day)]
    as_of: Option<String>,
    /// Compare with this commit, branch or tag: what holds data may not shrink, vanish or change its name without a word
    #[arg(long, value_name = "REVISION")]
    since: Option<String>,
}

/// A day as TOML writes it: `2027-01-31`.
fn day(text: &str) -> Result<String, String> {
    match text.parse::<toml::value::Datetime>() {
        Ok(toml::value::Datetime { date: Some(_), time: None, offset: None }) => Ok(text.to_owned()),
        _ => Err("a day is written as year, month and day, such as `2027-01-31`".to_owned()),
    }
}

/// `specc explain`
#[derive(Debug, Args)]
#[command(
    override_usage = "specc explain <CODE>\n       \
                      specc explain <ENVIRONMENT> <SERVICE.PATH>\n       \
                      specc explain <ENVIRONMENT> <KIND/NAME> [FIELD]\n       \
                      specc explain <ENVIRONMENT> --reverse <FILE:LINE>",
    after_help = "Examples:\n  \
                  specc explain unknown-key\n  \
                  specc explain environments/prod orders.workloads.api.scale.max\n  \
                  specc explain environments/prod Deployment/orders-api spec.template.spec.containers[api].image\n  \
                  specc explain environments/dev PodDisruptionBudget/orders-api\n  \
                  specc explain environments/prod --reverse environments/services/orders.toml:20"
)]
struct Explain {
    /// A code such as `unknown-key`, or an environment
    #[arg(value_name = "CODE|ENVIRONMENT")]
    subject: String,
    /// A path of the spec (`orders.workloads.api.port`) or an object (`Deployment/orders-api`)
    #[arg(value_name = "TARGET")]
    target: Option<String>,
    /// A field of the object; items of lists by their name, as in `spec.template.spec.containers[api].image`
    #[arg(value_name = "FIELD")]
    field: Option<String>,
    /// Namespace of the object, where two have the same name
    #[arg(short, long, value_name = "NAMESPACE")]
    namespace: Option<String>,
    /// List what a line of the spec produces
    #[arg(long, value_name = "FILE:LINE", conflicts_with_all = ["target", "field"])]
    reverse: Option<String>,
}

/// How lists are written.
const LISTS: &str = "The list goes to stdout, as `--output-format` says: `full` in columns, `concise` a line a row with tabs, `json`, or \
                     `github` as a Markdown table.";

/// `specc env`
#[derive(Debug, Args)]
#[command(
    override_usage = "specc env <ENVIRONMENT>...\n       specc env --matrix",
    after_help = format!("A reference is shown as a reference, and what looks like a secret is not shown. `-` means that it is not set.\n\n{LISTS}")
)]
struct Env {
    /// Environments: folders, such as `environments/prod`, or names
    #[arg(value_name = "ENVIRONMENT", required_unless_present = "matrix")]
    environments: Vec<String>,
    /// All environments of the project side by side. ENVIRONMENT then only says where the project is
    #[arg(long)]
    matrix: bool,
}

/// `specc secrets`
#[derive(Debug, Args)]
#[command(after_help = LISTS)]
struct Secrets {
    /// Environments: folders, such as `environments/prod`, or names
    #[arg(value_name = "ENVIRONMENT", required_unless_present = "all")]
    environments: Vec<String>,
    /// All environments of the project. ENVIRONMENT then only says where the project is
    #[arg(long)]
    all: bool,
    /// List the passwords that operators make and `secret_backup_store` keeps instead
    #[arg(long)]
    kept: bool,
}

/// `specc init`
#[derive(Debug, Args)]
#[command(after_help = "Files that are there are never touched.")]
struct Init {
    /// Folder of the new project
    #[arg(value_name = "DIR", default_value = ".")]
    folder: PathBuf,
}

/// `specc pitr`
#[derive(Debug, Args)]
#[command(
    after_help = "A restore makes a new cluster beside the old one, which goes on. `RUNBOOK.md` of the environment has the steps.\n\n\
                  Examples:\n  \
                  specc pitr prod orders.main --at 2026-11-29T14:30:00Z > restore.yaml\n  \
                  specc pitr prod main --latest | kubectl apply --server-side --field-manager=specc -f -"
)]
struct Pitr {
    /// The environment: its folder, such as `environments/prod`, or its name
    #[arg(value_name = "ENVIRONMENT")]
    environment: String,
    /// The database: `orders.main`, `orders.databases.main`, or `main` where only one service has it; of one in shards the
    /// shard, such as `orders.main-2`
    #[arg(value_name = "DATABASE")]
    database: String,
    /// The moment to restore, with its zone: `2026-11-29T14:30:00Z`
    #[arg(long, value_name = "TIME", required_unless_present = "latest")]
    at: Option<String>,
    /// Restore all that was archived
    #[arg(long, conflicts_with = "at")]
    latest: bool,
    /// Name of the new cluster, if not the old one's with the next number
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Today: refuse a moment that is later, or too long ago for the backups that are kept
    #[arg(long, value_name = "DATE", value_parser = day)]
    as_of: Option<String>,
}

/// `specc schema`
#[derive(Debug, Args)]
#[command(
    after_help = "Editors find a schema by the first line of a file:\n  #:schema ../schema/service.schema.json"
)]
struct Schema {
    /// Kind of file: `project`, `service`, `overlay`, `environment` or `images`
    #[arg(value_enum, value_name = "FILE", hide_possible_values = true)]
    file: schema::SchemaFile,
}

/// `specc completions`
#[derive(Debug, Args)]
struct Completions {
    /// Shell
    #[arg(value_enum, value_name = "SHELL")]
    shell: clap_complete::Shell,
}

/// Runs the command that the process was called with; the result is its exit code.
pub fn run() -> u8 {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // clap's own code for usage errors is 2, and 0 for `--help`
            let code = u8::try_from(error.exit_code()).unwrap_or(2);
            return if error.print().is_ok() { code } else { 2 };
        }
    };
    let terminal = Terminal::new(&cli.global);
    match cli.command {
        Command::Build(build) => build::run(&build, &terminal),
        Command::Check(check) => check::run(&check, &terminal),
        Command::Explain(explain) => explain::run(&explain, &terminal),
        Command::Env(env) => env::run(&env, &terminal),
        Command::Secrets(secrets) => secrets::run(&secrets, &terminal),
        Command::Init(init) => init::run(&init, &terminal),
        Command::Pitr(pitr) => pitr::run(&pitr, &terminal),
        Command::Schema(schema) => schema::run(&schema, &terminal),
        Command::Completions(completions) => completions::run(&completions, &terminal),
    }
}

/// The command line's definition, for completions and for the tests that hold the docs to it.
pub fn command() -> clap::Command {
    <Cli as clap::CommandFactory>::command()
}
