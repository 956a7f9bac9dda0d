//! The registry of rules: everything that the compiler decides on its own, by name.
//!
//! Sorted by name (a test holds it). `specc explain` prints a rule's name and sentence; for a derived value the sentence
//! is its formula, with the inputs in the order in which the code hands them over.

use super::{Rule, RuleInfo};

macro_rules! rules {
    ($($N:ident = $name:literal, $says:literal;)*) => {
        #[expect(non_camel_case_types, clippy::upper_case_acronyms, reason = "the names of the constants, used as indices")]
        #[repr(u16)]
        enum Index { $($N),* }
        $(#[doc = concat!("`", $name, "`: ", $says)] pub const $N: Rule = Rule(Index::$N as u16);)*
        /// Every rule, sorted by name.
        pub const RULES: &[RuleInfo] = &[$(RuleInfo { name: $name, says: $says }),*];
    };
}

rules! {
    BUDGET_DISRUPTION = "availability.disruption-budget", "with two pods or more, a drain takes one at a time; with one pod a budget would only block drains";
    BUDGET_UNHEALTHY = "availability.evict-unhealthy", "pods that are not ready may be evicted, or they would block a drain for ever";
    HISTORY = "availability.history", "five old revisions are kept to roll back to";
    ROLLOUT_DEADLINE = "availability.progress-deadline", "progressDeadlineSeconds = startup budget + minReadySeconds + 540 s for scheduling and pulling the image";
    ROLLOUT_DISK = "availability.recreate-for-disk", "a disk that one node has at a time cannot be with an old and a new pod, so the old one goes first";
    ROLLOUT = "availability.rolling", "no pod is taken away before its successor is ready";
    SPREAD = "availability.spread", "pods prefer different nodes and zones";
    BACKUP = "backup.defaults", "every night at half past midnight; kept for 30 days in prod, 7 days else";
    BACKUP_ENCRYPTION = "backup.encryption", "the store encrypts with AES256; the log is compressed with zstd, data with snappy";
    BACKUP_PATH = "backup.path", "`<store>/<environment>/<namespace>/<cluster>`, which no other cluster writes to";
    BACKUP_PLUGIN = "backup.plugin", "the Barman Cloud plugin archives the log and makes base backups, from a standby where there is one";
    BACKUP_SCHEDULE = "backup.six-fields", "CloudNativePG takes six fields: seconds come first";
    CACHE_ARGS = "cache.arguments", "nothing is kept on disk, and the least recently used entries go first";
    CACHE_MAXMEMORY = "cache.maxmemory", "maxmemory = 0.75 x memory, which leaves room for fragmentation and buffers";
    CACHE_PORT = "cache.port", "6379, the engines' port";
    CACHE_RECREATE = "cache.recreate", "one pod at a time: two caches under one name would disagree";
    CRON_BACKOFF = "cron.backoff", "at most three tries; a disruption of the node does not count, exit codes 64 and 78 (wrong usage, wrong configuration) end at once";
    CRON_FORBID = "cron.forbid-overlap", "a run that is still going when the next is due makes the next be skipped";
    CRON_HISTORY = "cron.history", "the last three runs of either outcome are kept";
    CRON_STARTING_DEADLINE = "cron.starting-deadline", "a run that could not start within 10 minutes is skipped; without a bound, 100 missed starts stop the schedule for good";
    DAEMON_ROLLOUT = "daemon.rolling", "one node after the other, since two pods of a daemon on one node would collide";
    DATABASE_ARCHIVE_TIMEOUT = "database.archive-timeout", "archive_timeout = recovery point objective - 60 s for the upload, at least 60 s";
    DATABASE_BOOTSTRAP = "database.bootstrap", "database and owner carry the service's name, with underscores";
    DATABASE_PDB = "database.disruption-budget", "enablePDB = instances > 1: with one instance a budget would block every drain";
    DATABASE_CACHE_SIZE = "database.effective-cache-size", "effective_cache_size = memory x 3 / 4";
    DATABASE_GRANTS = "database.grants", "`owner`: the operator's account, for the only user, for jobs, and where nobody makes passwords; `write`: pg_read_all_data and pg_write_all_data, for all others; `read`: pg_read_all_data";
    DATABASE_GUARDS = "database.guards", "a transaction that does nothing for a minute ends, and a statement that takes a second is logged";
    DATABASE_IMAGE = "database.image", "CloudNativePG's own image of the major version";
    DATABASE_MAINTENANCE = "database.maintenance-work-mem", "maintenance_work_mem = memory / 16, at most 1GB";
    DATABASE_CONNECTIONS = "database.max-connections", "max_connections = memory / 8Mi, at least 50 and at most 500";
    DATABASE_WAL_SIZE = "database.max-wal-size", "max_wal_size = a quarter of the volume that holds the log, at most 8GB";
    DATABASE_NO_SUPERUSER = "database.no-superuser", "nobody logs in as superuser over the network";
    DATABASE_PASSWORD = "database.password", "External Secrets makes a password of 40 letters and digits, once; deleting the Secret makes a new one";
    DATABASE_PORT = "database.port", "5432, PostgreSQL's port";
    DATABASE_REPLICAS = "database.replicas", "standbys are read only where `read_replicas` says so; one that lacks more than a segment of the log, 16Mi, is not asked";
    DATABASE_ROLE = "database.role", "who is not the owner has an account of its own, `<service>_<workload>`, with no right beyond its grants";
    DATABASE_ROLE_LIMIT = "database.role-limit", "connectionLimit = what it may open at its most; through a pooler no more than its pods x server connections; three for each workload that KEDA scales";
    DATABASE_CONTENT = "database.schemas-and-extensions", "schemas and extensions are made by the operator and belong to the owner; what is no longer listed stays";
    DATABASE_SECRET = "database.secret", "CloudNativePG makes the Secret `<cluster>-app` with the application's credentials";
    DATABASE_BUFFERS = "database.shared-buffers", "shared_buffers = memory / 4";
    DATABASE_SPREAD = "database.spread", "instances prefer different nodes";
    DATABASE_SYNC = "database.synchronous", "with three instances or more a commit waits for one standby, so that a lost primary loses nothing";
    DATABASE_TLS = "database.tls-only", "connections without TLS are refused";
    DATABASE_UPDATE = "database.update", "replicas are updated first, then the primary by switch-over";
    DATABASE_WAL = "database.wal-storage", "in prod the log has a volume of its own, a quarter of the data's: a full data volume then stops no log";
    DATABASE_WORK_MEM = "database.work-mem", "work_mem = memory / 4 / max_connections, at least 1MB";
    DEFAULT_CACHE = "default.cache", "the built-in default of caches";
    DEFAULT_CPU = "default.cpu", "the built-in CPU request";
    DEFAULT_DATABASE = "default.database", "the built-in default of databases";
    DEFAULT_DEADLINE = "default.deadline", "the built-in bound on a scheduled run: 1 h";
    DEFAULT_DRAIN = "default.drain", "a worker gets 30 s to finish what it does";
    DEFAULT_EXTERNAL_TIMEOUT = "default.external-timeout", "a call to another's service may take 3 s";
    DEFAULT_HEALTH = "default.health", "paths `/livez` and `/readyz`, and 60 s to start";
    DEFAULT_HEARTBEAT = "default.heartbeat", "a heartbeat may be 60 s old";
    DEFAULT_KIND = "default.kind", "a workload serves HTTP unless it says otherwise";
    DEFAULT_MEMORY = "default.memory", "the built-in memory request";
    DEFAULT_NAMESPACE = "default.namespace", "services live in the namespace that has the project's name";
    DEFAULT_PATHS = "default.paths", "a route without paths takes every path";
    DEFAULT_PLATFORM = "default.platform", "what is usual of a cluster";
    DEFAULT_PORT = "default.port", "HTTP is served on port 8000";
    DEFAULT_RESIZE = "default.resize", "no VerticalPodAutoscaler unless one is asked for";
    DEFAULT_SIDECAR = "default.sidecar", "the built-in requests of further containers: 100m and 128Mi";
    DEFAULT_TIMEOUT = "default.timeout", "a request may take 30 s";
    DEFAULT_TIMEZONE = "default.timezone", "schedules are in UTC";
    DEFAULT_TARGET = "default.utilization", "the autoscaler aims for 70 % of the CPU request";
    DEFAULT_VOLUME = "default.volume", "the built-in default of volumes";
    DEFAULT_WORKERS = "default.workers", "one process in a pod";
    DEFAULT_WORKLOAD = "default.workload", "a service without workloads has one, `api`";
    ENV_COMPOSED = "env.composed", "outputs put into the text; a secret stays a reference that the kubelet expands";
    ENV_ESCAPED = "env.escaped", "`$(` in plain text is written `$$(`, or the kubelet would expand it";
    ENV_RUNTIME = "env.runtime", "Python writes its output at once and numerical libraries use one thread a process";
    ENV_SECRET_PART = "env.secret-part", "a variable of its own for a secret that a composed one refers to";
    ENV_EDGE = "env.variable-rule", "an edge gives variables: prefix of the noun, then the output, in upper case";
    FILES_HASH = "files.hashed-name", "the ConfigMap's name ends in a hash of its data, so that a change rolls the pods that read it and no others";
    FILES_KEY = "files.key", "a file is a key of the ConfigMap: its path with `-` for `/`";
    FILES_PRUNE = "files.prune-last", "old ConfigMaps go last, so that a rollback still finds its own";
    ENV_UTILITIES = "files.secrets-folder", "secrets are files under `/run/secrets/<noun>-<name>`, readable by the program's group alone";
    HARDENED_CAPABILITIES = "hardening.capabilities", "all capabilities are dropped";
    HARDENED_ESCALATION = "hardening.no-escalation", "no process gains more rights than its parent";
    HARDENED_NO_LINKS = "hardening.no-service-links", "no variables for every Service of the namespace, which could shadow the program's own";
    HARDENED_NO_TOKEN = "hardening.no-token", "no token of the service account is mounted";
    POD_LEVEL = "hardening.pod-security-level", "the namespace enforces the strictest Pod Security level that all its workloads keep";
    HARDENED_ROOT_FS = "hardening.read-only-root", "the root file system is read-only; `writable` opens folders";
    HARDENED_SECCOMP = "hardening.seccomp", "the runtime's default seccomp profile";
    HARDENED_USER = "hardening.user", "user and group 65532, who own nothing on the node";
    HELM_VALUES = "helm.values", "a chart or values file is made from the objects of all environments";
    IMAGE_CACHE = "image.cache", "the engine's official image";
    IMAGE_LOCKED = "image.locked", "repository of the spec, tag and digest of `images.lock`";
    IMAGE_PULL = "image.pull-always", "the registry is asked at each start, so that a revoked image does not start from a node's cache";
    JOB_KEEP = "job.keep", "an ended Job is kept for a day";
    JOB_NAME = "job.name", "the name ends in a hash of the template, since a Job cannot be changed: a new version is a new Job";
    LIST_OF_FILES = "kustomization.files", "a Kustomization lists every file of the environment";
    LABELS = "labels.recommended", "the labels that Kubernetes recommends";
    KIND = "lower.kind", "what a noun of the spec becomes";
    MIGRATION = "migration.job", "what changes a schema is a job that runs before the new version";
    MIGRATION_NAME = "migration.name", "`migrate-<database>`";
    MIGRATION_ONCE = "migration.once", "a migration that failed half-way is looked at by a person, not tried again; it runs before the pods of the new version";
    MIGRATION_SESSION = "migration.session", "its statements wait 5 s for a lock, since whoever comes later waits behind them, and take no longer than the job may";
    MIGRATION_STYLE = "migration.style", "a change of the schema leaves the old and the new version working";
    MIGRATION_TIMEOUT = "migration.timeout", "15 minutes";
    HOST = "names.host", "`<service>.<namespace>.svc.<cluster domain>`";
    NAME = "names.object", "`<service>-<workload>`, `<service>-db-<name>`, `<service>-cache-<name>`, `<service>-external-<name>`, `<service>-secret-<name>`";
    NAME_PART = "names.part", "a fixed name of a part";
    NET_API = "network.api-server", "the database's instances talk to the Kubernetes API";
    NET_DEFAULT_DENY = "network.default-deny", "nothing reaches a pod, and a pod reaches nothing, unless a policy says so";
    NET_DNS = "network.dns", "names are resolved by the platform's DNS";
    NET_EDGE = "network.edge", "both halves of an edge of `uses`, with the target's own ports";
    NET_EXTERNAL = "network.external", "a NetworkPolicy cannot name hosts: without `cidrs` every public address is open on the port";
    NET_GATEWAY = "network.gateway", "the Gateway's pods reach what has a route";
    NET_MONITORING = "network.monitoring", "the scraper reaches the port that serves metrics";
    NET_STORE = "network.object-store", "instances reach the object store, which a NetworkPolicy cannot name";
    NET_OPERATOR = "network.operator", "CloudNativePG's operator reaches its instances on 8000 and 5432";
    NET_OUTSIDE = "network.outside", "callers from outside come through a load balancer or a port of the nodes; with local traffic their own addresses are seen";
    NET_POOLER = "network.pooler", "workloads reach the pooler, and the pooler its database";
    NET_SCALER = "network.scaler", "KEDA's operator asks the database how much work waits";
    NET_SELF = "network.self", "a rule that only names the pods themselves: there must be one, and it opens nothing to others";
    POD_SETTING = "pod.setting", "a setting of `[workloads.<name>.pod]`";
    POOL_CLIENTS = "pool.client-connections", "max_client_conn = the most that all workloads may open, in whole hundreds, so that one pod of the pooler can carry all";
    POOL = "pool.defaults", "dev talks to the server itself; staging and prod through a pooler of two pods, in transaction mode";
    POOL_PARAMETERS = "pool.parameters", "200 prepared statements are kept for each server connection, and a client waits 30 s at most";
    POOL_PEAK = "pool.peak", "connections at most = pods with surge x processes x per_process; a daemon counts as one pod";
    POOL_READ = "pool.read", "a second pooler of the same kind before the standbys, each of which takes as many connections as the primary";
    POOL_ROLLOUT = "pool.rollout", "the pooler's pods are replaced one at a time and none is added, so that there are never more connections than were counted";
    POOL_SERVER = "pool.server-connections", "default_pool_size = max_db_connections = (max_connections - 13 for the operator, superusers and people - those of jobs, scalers and others that go past it, at least 10) / pods of the pooler, and no more than clients";
    PROBE_HEARTBEAT = "probes.heartbeat", "alive while the file was touched within its age";
    PROBE_KIND = "probes.kind", "how health is asked for follows from the kind, a `heartbeat` or a `command`";
    PROBE_LIVENESS = "probes.liveness", "asked every 10 s, six failures restart the process";
    PROBE_NONE = "probes.none", "without a port there is nothing to ask";
    PROBE_READINESS = "probes.readiness", "asked every 5 s, three failures take the pod out of the Service";
    PROBE_STARTUP = "probes.startup", "failureThreshold = startup / 2 s, rounded up";
    PROBE_TIMINGS = "probes.timings", "an answer may take 2 s";
    CPU_LIMIT = "resources.cpu-limit", "limit = max(1 CPU, 4 x request)";
    EPHEMERAL = "resources.ephemeral-storage", "limit = 512Mi + the sizes of the writable folders; request = a quarter of it";
    MEMORY_LIMIT = "resources.memory-limit", "limit = request, so that no neighbour takes what was promised";
    ROUTE = "route.attach", "a host attaches to the platform's Gateway";
    ROUTE_CERTIFICATE = "route.certificate", "cert-manager puts the certificate into the Secret `<name>-tls`";
    ROUTE_TIMEOUT = "route.timeout", "the Gateway waits as long as the workload promises to work";
    SERVER = "runtime.server", "uvicorn serves the application";
    SCALE_AUTO = "scale.autoscaler", "an autoscaler runs when max > min";
    SCALE_BEHAVIOR = "scale.behavior", "grows at once by up to 100 % in 30 s, shrinks by at most 20 % a minute after five quiet minutes";
    SCALE_FIXED = "scale.fixed", "replicas = min where max = min";
    SCALE_MAX = "scale.max-at-least-min", "max = the larger of the tier's max and min";
    SCALE_QUEUE = "scale.queue", "KEDA asks the database how much work waits; when it cannot, the workload keeps the fewest pods";
    RESIZE = "scale.resize", "a VerticalPodAutoscaler learns the requests from use";
    SECRET_DELIVERY = "secrets.delivery", "secrets reach a program as files";
    SECRET_REFRESH = "secrets.refresh", "asked for again every hour; a secret that vanished from the store is kept";
    SECRET_REMOTE = "secrets.remote-key", "`<environment>/<namespace>/<service>/<name>` in the store";
    SERVICE_PORT = "service.port", "an `http` workload is reached on port 80";
    SHUTDOWN_DRAIN = "shutdown.drain", "drain = timeout: the longest request may finish";
    GRACE = "shutdown.grace", "terminationGracePeriodSeconds = preStop + drain + 5 s, so that no request is cut off";
    PRE_STOP = "shutdown.pre-stop", "5 s for load balancers to notice before the process is told to stop";
    STATEFUL = "stateful.defaults", "pods start in order, and their disks stay whatever happens to them";
    STATEFUL_SERVICE = "stateful.service", "a headless Service gives each pod a name of its own";
    SELECTED = "system.selected", "the environment's `services` lists what runs in it";
    TIER_DATABASE = "tier.database", "dev: 1 instance, 5Gi; staging: 1 instance, 20Gi; prod: 3 instances, 20Gi";
    TIER_REPLICAS = "tier.replicas", "min and max: dev 1 and 1, staging 2 and 3, prod 3 and 10";
    VOLUME = "volumes.kind", "what a volume is made of follows from its kind";
    VOLUME_MOUNT = "volumes.mount", "a volume is seen where `mount` says";
    WRITABLE = "writable.folders", "an empty folder of its own: 64Mi for `/tmp`, 256Mi for each other";
}
