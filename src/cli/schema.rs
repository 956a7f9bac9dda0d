//! `specc schema`: the JSON Schemas that editors use, made from the declarations that decode the files.

use clap::ValueEnum;
use serde_json::{Value, json};

use super::output::Terminal;
use crate::spec::environment::EnvironmentFile;
use crate::spec::images::ImagesFile;
use crate::spec::project::ProjectFile;
use crate::spec::schema::{Role, of_file};
use crate::spec::service::ServiceFile;

/// A kind of file that has a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaFile {
    /// `specc.toml`
    Project,
    /// `services/<service>.toml`
    Service,
    /// `<environment>/<service>.toml`
    Overlay,
    /// `<environment>/environment.toml`
    Environment,
    /// `<environment>/images.lock`
    Images,
}

impl SchemaFile {
    /// The schema's text, with a final newline.
    pub(crate) fn text(self) -> String {
        let mut schema = match self {
            SchemaFile::Project => of_file::<ProjectFile>("specc project", Role::Alone),
            SchemaFile::Service => of_file::<ServiceFile>("specc service", Role::Base),
            SchemaFile::Overlay => of_file::<ServiceFile>("specc overlay of a service", Role::Overlay),
            SchemaFile::Environment => of_file::<EnvironmentFile>("specc environment", Role::Link("tier")),
            SchemaFile::Images => of_file::<ImagesFile>("specc image lock", Role::Alone),
        };
        if let Some(fields) = schema.as_object_mut() {
            fields.insert("examples".to_owned(), json!([self.example()]));
        }
        format!("{schema:#}\n")
    }

    /// A small file of its kind.
    fn example(self) -> Value {
        match self {
            SchemaFile::Project => json!({
                "spec": 1,
                "project": { "name": "shop", "environments": ["environments/dev", "environments/prod"] },
            }),
            SchemaFile::Service => json!({
                "spec": 1,
                "service": { "name": "orders" },
                "runtime": { "image": "registry.example.com/orders", "app": "orders.main:app" },
                "workloads": { "api": { "cpu": "250m", "memory": "256Mi", "uses": ["databases.main"] } },
                "databases": { "main": { "version": 18 } },
            }),
            SchemaFile::Overlay => json!({
                "remove": ["workloads.api.route"],
                "workloads": { "api": { "scale": { "min": 4, "max": 12 } } },
            }),
            SchemaFile::Environment => json!({
                "tier": "prod",
                "platform": { "kubernetes": "1.36", "gateway": "ingress/public" },
                "env": { "REGION": "eu-central-1" },
            }),
            SchemaFile::Images => json!({
                "images": { "registry.example.com/orders": {
                    "tag": "2.8.0",
                    "digest": "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                } },
            }),
        }
    }
}

pub(super) fn run(arguments: &super::Schema, terminal: &Terminal) -> u8 {
    terminal.data(&arguments.file.text())
}
