//! A database whose image is of another major version than it declares.

use super::context::{Finding, noun};
use super::{Check, Context, Found};
use crate::origin::{Origin, Traced};
use crate::spec::database::PostgresMajor;
use crate::system::{Database, Service};
use crate::text::Text;
use crate::value::{ImageRef, Value};

pub(super) const CHECK: Check = check!("database-version-mismatch", Error, One(run));

fn other_major<'c>(
    cx: &'c Context<'c>,
    (service, database): (&Service, &Database),
    version: Traced<PostgresMajor>,
    image: &Traced<Text>,
    major: u32,
) -> Finding<'c> {
    let path = noun(service, "databases", database.name.get());
    let wanted = version.get().get();
    let title = format!("`{path}` is PostgreSQL {wanted}, and its image is PostgreSQL {major}");
    cx.find(&CHECK, title)
        .at(version.origin(), format!("version {wanted}"))
        .also(tag_origin(cx, database, image), format!("an image of version {major}"))
        .note("a server does not start on the files of another major version")
        .help(format!("write the tag of a PostgreSQL {wanted} image, or `version = {major}`"))
}

/// Where the tag was written: in the image lock, which wins, or in the spec.
fn tag_origin(cx: &Context<'_>, database: &Database, image: &Traced<Text>) -> Origin {
    let locked = cx.system.environment.images.as_ref().zip(database.image.repository.as_ref());
    let entry = locked.and_then(|(lock, repository)| lock.images.get(repository.get()));
    entry.map_or(image.origin(), |entry| entry.value.tag.origin())
}

/// The leading number of the image's tag: `18` of `18.1-standard-trixie`.
fn major_of(image: &Text) -> Option<u32> {
    let image = ImageRef::parse(image).ok()?;
    let tag = image.tag()?.as_str();
    let digits = tag.split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for service in &cx.system.services {
        for database in &service.databases {
            let table = service.file.databases.get(database.name.get()).map(|entry| &entry.value);
            let (Some(table), Ok(image)) = (table, &database.image.reference) else { continue };
            match major_of(image.get()) {
                Some(major) if major != table.version.get().get() => {
                    found.push(other_major(cx, (service, database), table.version, image, major));
                }
                _ => {}
            }
        }
    }
}
