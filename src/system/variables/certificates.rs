//! What a program checks its database with: a folder of certificates, and the variables that libpq reads.

use crate::origin::{DATABASE_VERIFY, ENV_LIBPQ, Origin, Traced, rule};
use crate::system::outputs::{Certificates, Output, Outputs};
use crate::system::{Edge, Target};

use super::{Level, Scope, Variable, VariableValue};

/// What libpq reads, and the outputs of a database that it is for.
const READ: [(&str, &str); 4] = [
    ("PGSSLCERT", "sslcert"),
    ("PGSSLKEY", "sslkey"),
    ("PGSSLMODE", "sslmode"),
    ("PGSSLROOTCERT", "sslrootcert"),
];

/// A folder of certificates in a container.
#[derive(Clone, Debug)]
pub struct CertificateFolder {
    /// why it is there
    pub because: Origin,
    /// what is in it
    pub certificates: Certificates,
}

impl Scope<'_> {
    /// The folders of certificates, which are files however secrets come.
    pub(super) fn certificates(&self) -> Vec<CertificateFolder> {
        let folder = |(edge, outputs): &(&Edge, Outputs)| {
            let certificates = outputs.certificates.clone()?;
            let inputs = [edge.written.origin(), certificates.folder.origin()];
            let because = self.context.tracer.because(DATABASE_VERIFY, &inputs);
            Some(CertificateFolder { because, certificates })
        };
        self.given.iter().filter_map(folder).collect()
    }

    /// What every client on libpq reads, where only one database can be meant; the spec may set it anew.
    ///
    /// Source: `PostgreSQL` docs, 34.15 "Environment Variables".
    pub(super) fn of_libpq(&self) -> Vec<Variable> {
        let is_database = |edge: &Edge| matches!(edge.target, Some(Target::Database(_) | Target::Managed(_)));
        let mut databases = self.given.iter().filter(|(edge, _)| is_database(edge));
        let (Some((_, outputs)), None) = (databases.next(), databases.next()) else { return Vec::new() };
        let uses = &self.workload.uses;
        let list = uses.at.map(Origin::spec);
        let why: Vec<Origin> =
            uses.iter().map(Traced::origin).chain(list).chain([self.workload.because]).collect();
        let set = |(name, output): (&'static str, &'static str)| {
            let given = outputs.get(output)?;
            let Output::Text(value) = &given.output else { return None };
            let because =
                self.context.tracer.because(ENV_LIBPQ, &[&[given.name.origin()], &why[..]].concat());
            let value = VariableValue::Plain(value.clone());
            Some(Variable { name: rule(ENV_LIBPQ, name), because, level: Level::Derived, value })
        };
        READ.into_iter().filter_map(set).collect()
    }
}
