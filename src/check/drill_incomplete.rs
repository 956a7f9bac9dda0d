//! A drill that lacks something without which it cannot run.

use super::context::{Finding, noun};
use super::{Check, Context, Found};
use crate::system::database::Drill;
use crate::system::{Database, Service};

pub(super) const CHECK: Check = check!("drill-incomplete", Error, One(run));

/// What a drill lacks: what it is, why it matters, and what to write.
struct Lack {
    what: &'static str,
    note: &'static str,
    help: String,
    /// whether the platform has to say it
    is_platform: bool,
}

fn lacks(cx: &Context<'_>, database: &Database, drill: &Drill) -> Vec<Lack> {
    let mut all = Vec::new();
    if drill.question.is_none() {
        all.push(Lack {
            what: "a question",
            note: "a server that starts proves nothing: an empty backup starts as well",
            help: format!(
                "write `check = \"SELECT count(*) > 1000 FROM <table>\"` below `[databases.{}.recovery]`: one query with one column \
                 of type boolean",
                database.name.get()
            ),
            is_platform: false,
        });
    }
    if drill.image.is_none() {
        all.push(Lack {
            what: "an image",
            note: "specc knows no image that has both `kubectl` and `psql` and that you trust",
            help: format!(
                "write `drill_image = \"<repository>\"`, an image with `sh`, `kubectl` and `psql`, below `[platform]` in `{}`",
                cx.environment_file()
            ),
            is_platform: true,
        });
    }
    all
}

fn incomplete<'c>(
    cx: &'c Context<'c>,
    service: &Service,
    database: &Database,
    drill: &Drill,
    lack: &Lack,
) -> Finding<'c> {
    let path = noun(service, "databases", database.name.get());
    let finding = cx
        .find(&CHECK, format!("the drill of `{path}` has not {}", lack.what))
        .at_key(drill.schedule.origin(), "asks for a drill");
    let platform = cx.system.environment.platform.origin;
    let finding =
        if lack.is_platform { finding.also_key(platform, "no `drill_image` here") } else { finding };
    finding.note(lack.note).help(&lack.help)
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for service in &cx.system.services {
        for database in &service.databases {
            let Some(drill) = &database.drill else { continue };
            for lack in lacks(cx, database, drill) {
                found.push(incomplete(cx, service, database, drill, &lack));
            }
        }
    }
}
