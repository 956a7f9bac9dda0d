//! The map of a sharded database: a file that says to a workload where each shard is and how to log in there.
//!
//! It says the same as the variables of the shards, for programs that go through all of them. No secret stands in it, only
//! the paths of its files, or the beginning of its variables' names.

use serde_json::{Map, Value as Json};

use super::database::Sharded;
use super::names::file_key;
use super::outputs::{Given, Output, Outputs};
use super::variables::SECRETS_ROOT;
use super::workload::File;
use super::{Edge, Service, Target, Workload};
use crate::attach::Content;
use crate::origin::{FILES_KEY, Origin, SHARD_MAP, Traced, Tracer};
use crate::spec::workload::SecretDelivery;
use crate::text::Text;

/// Where the map is in the container.
pub(super) fn path(sharded: &Sharded, tracer: &Tracer) -> Traced<Text> {
    tracer.derive(SHARD_MAP, (&sharded.name,), |(name,)| {
        format!("/run/config/databases-{name}/shards.json").into()
    })
}

/// The maps of the databases in shards that a workload uses as a whole; `given` is what its edges give.
pub(super) fn files(
    (service, workload): (&Service, &Workload),
    given: &[(&Edge, Outputs)],
    tracer: &Tracer,
) -> Vec<File> {
    let as_variables = *workload.delivery.get() == SecretDelivery::Env;
    let map = |(common, _): &(&Edge, Outputs)| {
        let Some(Target::Sharded(index)) = common.target else { return None };
        let sharded = service.sharded.get(index)?;
        let is_shard = |(edge, _): &&(&Edge, Outputs)| match edge.target {
            Some(Target::Database(index)) => {
                service.databases.get(index).is_some_and(|shard| shard.name.get() == sharded.name.get())
                    && edge.written.get() == common.written.get()
            }
            _ => false,
        };
        let shards: Vec<&Outputs> = given.iter().filter(is_shard).map(|(_, outputs)| outputs).collect();
        let delivery = (workload.delivery.origin(), as_variables);
        Some(file(sharded, common.written.origin(), &shards, delivery, tracer))
    };
    given.iter().filter_map(map).collect()
}

/// The map of a database; `delivery` is the word on secrets, and what it says.
fn file(
    sharded: &Sharded,
    because: Origin,
    shards: &[&Outputs],
    (delivery, as_variables): (Origin, bool),
    tracer: &Tracer,
) -> File {
    let path = path(sharded, tracer);
    let mut why = vec![because, sharded.name.origin(), sharded.count.origin(), delivery];
    let mut map = Map::new();
    map.insert("database".to_owned(), Json::from(sharded.name.get().as_str()));
    if let Some(key) = &sharded.key {
        why.push(key.origin());
        map.insert("key".to_owned(), Json::from(key.get().as_str()));
    }
    let shards =
        shards.iter().enumerate().map(|(index, outputs)| shard(index, outputs, as_variables, &mut why));
    map.insert("shards".to_owned(), Json::Array(shards.collect()));
    // the alternate form is indented
    let text = format!("{:#}\n", Json::Object(map));
    File {
        because: tracer.because(SHARD_MAP, &[because, sharded.count.origin()]),
        key: tracer.derive(FILES_KEY, (&path,), |(path,)| file_key(path).into()),
        path,
        content: Traced::because(Content::Text(text.into()), tracer.because(SHARD_MAP, &why)),
        mode: None,
        shape: None,
    }
}

fn shard(index: usize, outputs: &Outputs, as_variables: bool, why: &mut Vec<Origin>) -> Json {
    let (mut shard, mut files) = (Map::new(), Map::new());
    shard.insert("shard".to_owned(), Json::from(index));
    for Given { name, output } in &outputs.all {
        why.push(name.origin());
        let key = name.get().to_string();
        match output {
            Output::Text(text) => {
                why.push(text.origin());
                let number = text.get().parse::<u16>().ok().filter(|_| key == "port");
                shard.insert(key, number.map_or_else(|| Json::from(text.get().as_str()), Json::from));
            }
            Output::Secret { key: file, .. } => {
                let folder = outputs.folder.as_ref().map_or("", |folder| folder.get().as_str());
                files.insert(key, Json::from(format!("{SECRETS_ROOT}/{folder}/{}", file.get())));
            }
        }
    }
    if as_variables {
        shard.insert("variables".to_owned(), Json::from(outputs.prefix.get().as_str()));
    } else if !files.is_empty() {
        shard.insert("files".to_owned(), Json::Object(files));
    }
    Json::Object(shard)
}
