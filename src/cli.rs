//! The command line. The only module that prints: data to stdout, messages to stderr.
//!
//! One file a command. A command returns the exit code: 0 clean or warnings, 1 findings or drift, 2 could not do it.

mod build;
mod check;
mod completions;
mod explain;
mod init;
mod output;
mod schema;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::diagnostic::render::Format;
use output::Terminal;

/// A declarative config compiler: a typed TOML spec of your services in, Kubernetes manifests out.
#[derive(Debug, Parser)]
#[command(
    name = "specc",
    version,
    about,
    propagate_version = true,
    subcommand_required = true,
    arg_required_else_help = true,
    after_help = "For help with a specific command, see: `specc help <command>`."
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
    /// How findings are written
    #[arg(long, global = true, value_enum, default_value = "full", value_name = "FORMAT")]
    output_format: Format,
    /// When to use colours
    #[arg(long, global = true, value_enum, default_value = "auto", value_name = "WHEN")]
    color: ColorChoice,
    /// Print findings only, no summary
    #[arg(short, long, global = true)]
    quiet: bool,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum ColorChoice {
    /// On a terminal that can show them
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// What to do.
#[derive(Debug, Subcommand)]
enum Command {
    /// Write the manifests of environments
    Build(Build),
    /// Check environments without writing anything
    Check(Check),
    /// Say where a value comes from, why an object exists, or what a code means
    Explain(Explain),
    /// Begin a project that builds
    Init(Init),
    /// Print the JSON Schema of a kind of file
    Schema(Schema),
    /// Print completions for a shell
    Completions(Completions),
}

/// `specc build`
#[derive(Debug, Args)]
struct Build {
    /// Environments: folders, such as `environments/prod`, or names
    #[arg(value_name = "ENVIRONMENT", required_unless_present = "all")]
    environments: Vec<String>,
    /// All environments of the project, with its charts or values files; a path then only says where the project is
    #[arg(long)]
    all: bool,
    /// Write nothing; exit with 1 if a build would change a file
    #[arg(long, conflicts_with_all = ["dry_run", "force"])]
    check: bool,
    /// Write nothing; list what a build would change
    #[arg(long)]
    dry_run: bool,
    /// Write below this folder instead of the project's `out`
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Print all objects as one stream: `-o -`
    #[arg(short = 'o', value_name = "-", value_parser = ["-"], conflicts_with_all = ["check", "dry_run", "out", "force"])]
    stream: Option<String>,
    /// Overwrite files that were edited by hand or are not specc's
    #[arg(long)]
    force: bool,
    /// Return only when the files would survive a power cut
    #[arg(long)]
    durable: bool,
    /// Judge end dates as of this day, such as `2027-01-31`
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,
}

/// `specc check`
#[derive(Debug, Args)]
struct Check {
    /// Environments: folders or names; all of the project without any
    #[arg(value_name = "ENVIRONMENT")]
    environments: Vec<String>,
    /// Judge end dates as of this day, such as `2027-01-31`
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,
}

/// `specc explain`
#[derive(Debug, Args)]
#[command(
    override_usage = "specc explain <CODE>\n       specc explain <ENVIRONMENT> <SERVICE.PATH>\n       specc explain <ENVIRONMENT> <KIND/NAME> [FIELD]\n       specc explain <ENVIRONMENT> --reverse <FILE:LINE>"
)]
struct Explain {
    /// A code such as `unknown-key`, or an environment
    #[arg(value_name = "CODE|ENVIRONMENT")]
    subject: String,
    /// A path of the spec (`orders.workloads.api.port`) or an object (`Deployment/orders-api`)
    #[arg(value_name = "TARGET")]
    target: Option<String>,
    /// A field of the object; items of lists by their name: `spec.template.spec.containers[api].image`
    #[arg(value_name = "FIELD")]
    field: Option<String>,
    /// Namespace of the object, where two have the same name
    #[arg(short, long, value_name = "NAMESPACE")]
    namespace: Option<String>,
    /// List what a line of the spec produces
    #[arg(long, value_name = "FILE:LINE", conflicts_with_all = ["target", "field"])]
    reverse: Option<String>,
}

/// `specc init`
#[derive(Debug, Args)]
struct Init {
    /// Folder of the new project
    #[arg(value_name = "DIR", default_value = ".")]
    folder: PathBuf,
}

/// `specc schema`
#[derive(Debug, Args)]
struct Schema {
    /// Kind of file
    #[arg(value_enum, value_name = "FILE")]
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
        Command::Init(init) => init::run(&init, &terminal),
        Command::Schema(schema) => schema::run(&schema, &terminal),
        Command::Completions(completions) => completions::run(&completions, &terminal),
    }
}

/// The command line's definition, for completions and for the tests that hold the docs to it.
pub fn command() -> clap::Command {
    <Cli as clap::CommandFactory>::command()
}
