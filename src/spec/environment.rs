//! `environment.toml`: facts about one environment, and defaults for what its services leave unset.

use super::SpecVersion;
use super::decode::{List, Map, choices, table};
use super::env::EnvValue;
use super::platform::Platform;
use super::workload::{CpuLimit, MemoryLimit, ReplicaCount};
use crate::origin::Traced;
use crate::text::Text;
use crate::value::{Bytes, Cpu, Duration, EnvName, Name, Timestamp};

choices! {
    /// What an environment is for; selects the built-in defaults.
    pub enum Tier {
        /// A developer's: small, tags allowed.
        Dev = "dev",
        /// Like production, smaller.
        Staging = "staging",
        /// Serves users.
        Prod = "prod",
    }
}

choices! {
    /// How often something is done.
    pub enum Period {
        /// Each month.
        Monthly = "monthly",
        /// Every three months.
        Quarterly = "quarterly",
        /// Each year.
        Yearly = "yearly",
    }
}

table! {
    /// The file of an environment, `environment.toml`.
    pub struct EnvironmentFile {
        /// Version of the spec language.
        spec: Option<Traced<SpecVersion>>,
        /// Environment whose file and overlays lie below this one's: a name or a folder.
        extends: Option<Traced<Text>>,
        /// What the environment is for.
        tier: Traced<Tier>,
        /// Facts about the cluster.
        platform: Option<Platform>,
        /// Variables of every workload; a service's or a workload's own come first.
        env: Map<EnvName, EnvValue>,
        /// Values for what services leave unset.
        defaults: Option<Defaults>,
        /// Services that run here.
        services: List<Name> = "all services",
        /// How people stay able to recover it.
        recovery: Option<EnvironmentRecovery>,
    }

    /// How people stay able to recover an environment.
    pub struct EnvironmentRecovery {
        /// What they try out beside the drills, which run by themselves.
        tests: Option<RecoveryTests>,
    }

    /// What people try out with the runbook, and how often; it becomes a calendar and a checklist.
    pub struct RecoveryTests {
        /// The first day and hour, with its zone. All others have its weekday, its week of the month and its hour in UTC; the
        /// kinds below follow each other by a week.
        from: Traced<Timestamp>,
        /// A standby becomes the primary.
        failover: Option<Traced<Period>> = "never",
        /// The other site takes the writes, and gives them back.
        site: Option<Traced<Period>> = "never",
        /// Somebody restores a backup by hand.
        restore: Option<Traced<Period>> = "never",
        /// A namespace is rebuilt from nothing, where nobody is hurt.
        rebuild: Option<Traced<Period>> = "never",
    }

    /// Values for what services leave unset.
    pub struct Defaults {
        /// For workloads.
        workload: Option<WorkloadDefaults>,
        /// For databases.
        database: Option<DatabaseDefaults>,
        /// For caches.
        cache: Option<CacheDefaults>,
    }

    /// Values for what workloads leave unset.
    pub struct WorkloadDefaults {
        /// CPU request.
        cpu: Option<Traced<Cpu>>,
        /// CPU limit.
        cpu_limit: Option<Traced<CpuLimit>>,
        /// Memory request.
        memory: Option<Traced<Bytes>>,
        /// Memory limit.
        memory_limit: Option<Traced<MemoryLimit>>,
        /// The longest request that a workload promises to finish.
        timeout: Option<Traced<Duration>>,
        /// Fewest pods of a workload that scales.
        min: Option<Traced<ReplicaCount>>,
        /// Most pods of a workload that scales.
        max: Option<Traced<ReplicaCount>>,
    }

    /// Values for what databases leave unset.
    pub struct DatabaseDefaults {
        /// PostgreSQL instances, the primary included.
        instances: Option<Traced<super::database::Instances>>,
        /// Volume of each instance.
        storage: Option<Traced<Bytes>>,
        /// CPU request of each instance.
        cpu: Option<Traced<Cpu>>,
        /// Memory request of each instance, which is also the limit.
        memory: Option<Traced<Bytes>>,
    }

    /// Values for what caches leave unset.
    pub struct CacheDefaults {
        /// Memory request, which is also the limit.
        memory: Option<Traced<Bytes>>,
        /// CPU request.
        cpu: Option<Traced<Cpu>>,
    }
}
