//! Tables of databases.

use super::Table;
use super::values::{CLASS, CPU, IMAGE, KUBERNETES, MEMORY};
use crate::schema::File::{Overlay, Service};

pub(super) const TABLES: &[Table] = &[
    Table {
        of: &[Service, Overlay],
        name: "Database",
        at: "databases.main",
        needs: &["version"],
        keys: &[
            ("engine", &["\"postgresql\""], &["\"postgres\"", "\"mysql\""]),
            CLASS,
            (
                "sslmode",
                &["\"disable\"", "\"require\"", "\"verify-full\""],
                &["\"prefer\"", "\"verify-ca\"", "true"],
            ),
            ("host", &["\"db.example.net\""], &["\"https://db.example.net\"", "\"DB.example.net\""]),
            ("port", &["5432", "65535"], &["0", "\"5432\""]),
            ("database", &["\"shop\""], &["\"Shop\""]),
            ("max_connections", &["100", "10000"], &["0", "\"100\""]),
            ("cidrs", &["[]", "[\"192.0.2.0/24\"]"], &["[\"192.0.2.1\"]", "\"192.0.2.0/24\""]),
            ("secrets", &["[\"username\", \"password\"]"], &["[\"a/b\"]", "true"]),
            ("version", &["18", "14"], &["13", "19", "\"18\""]),
            IMAGE,
            ("storage", &["\"20Gi\""], &["\"20\"", "\"20GiB\""]),
            ("instances", &["1", "9"], &["0", "10", "\"3\""]),
            ("wal_storage", &["\"5Gi\""], &["\"5\"", "5"]),
            ("storage_class", &["\"fast\""], &["\"Fast\""]),
            (
                "parameters",
                &["{}", "{ work_mem = \"8MB\" }"],
                &["{ work_mem = 8 }", "{ \"work-mem\" = \"1\" }"],
            ),
            ("extensions", &["[]", "[\"pg_trgm\", \"uuid-ossp\"]"], &["[\"PostGIS\"]", "\"pg_trgm\""]),
            ("schemas", &["[\"audit\"]"], &["[\"a.b\"]", "[1]"]),
            ("roles", &["{}", "{ api = {} }"], &["{ Api = {} }", "[\"api\"]"]),
            ("replication", &["{}"], &["1"]),
            ("pool", &["{}"], &["\"session\""]),
            ("read_replicas", &["true"], &["\"yes\"", "1"]),
            ("read_pool", &["{}"], &["true"]),
            ("backup", &["{}"], &["true"]),
            (
                "restored",
                &["{ name = \"orders-db-main-r2\", from = \"orders-db-main\" }"],
                &["\"orders-db-main\""],
            ),
            ("recovery", &["{}"], &["\"15m\""]),
            ("migrate", &["{ command = [\"a\"] }"], &["[\"a\"]", "{ command = \"a\" }"]),
            CPU,
            MEMORY,
            KUBERNETES,
        ],
    },
    Table {
        of: &[Service, Overlay],
        name: "DatabaseRole",
        at: "databases.main.roles.api",
        needs: &[],
        keys: &[
            ("grants", &["\"owner\"", "\"write\"", "\"read\""], &["\"all\"", "[\"read\"]"]),
            ("limit", &["1", "10000"], &["0", "\"5\""]),
            ("cert", &["true", "false"], &["\"yes\"", "{}"]),
            ("stale_ok", &["true", "false"], &["\"yes\""]),
            ("direct", &["true"], &["\"yes\""]),
            (
                "session",
                &[
                    "[]",
                    "[\"listen\", \"advisory-locks\", \"settings\", \"temporary-tables\", \"prepare\", \"hold-cursors\"]",
                ],
                &["[\"locks\"]", "true"],
            ),
        ],
    },
    Table {
        of: &[Service, Overlay],
        name: "Replication",
        at: "databases.main.replication",
        needs: &[],
        keys: &[
            ("sync", &["0", "8"], &["9", "\"1\""]),
            ("durability", &["\"required\"", "\"preferred\""], &["\"strict\""]),
        ],
    },
    Table {
        of: &[Service, Overlay],
        name: "Pool",
        at: "databases.main.pool",
        needs: &[],
        keys: &[
            ("mode", &["\"transaction\"", "\"session\"", "\"none\""], &["\"statement\"", "true"]),
            ("per_process", &["1", "10000"], &["0", "\"5\""]),
            ("instances", &["1", "20"], &["0", "21"]),
            ("server", &["1"], &["0"]),
            ("clients", &["100"], &["0"]),
        ],
    },
    Table {
        of: &[Service, Overlay],
        name: "ReadPool",
        at: "databases.main.read_pool",
        needs: &[],
        keys: &[
            ("instances", &["1", "20"], &["0", "21"]),
            ("server", &["1"], &["0"]),
            ("clients", &["100"], &["0"]),
            ("max_lag", &["\"64Mi\""], &["\"64\"", "64"]),
        ],
    },
    Table {
        of: &[Service, Overlay],
        name: "Backup",
        at: "databases.main.backup",
        needs: &[],
        keys: &[
            ("schedule", &["\"30 0 * * *\""], &["\"0 30 0 * * *\"", "\"@daily\""]),
            ("retention", &["\"30d\"", "\"4w\"", "\"6m\""], &["\"30\"", "\"0d\"", "\"1y\""]),
            (
                "drill",
                &["\"weekly\"", "\"monthly\"", "\"30 4 * * 6\""],
                &["\"daily\"", "\"0 0 4 * * 0\"", "7"],
            ),
        ],
    },
    Table {
        of: &[Service, Overlay],
        name: "Recovery",
        at: "databases.main.recovery",
        needs: &[],
        keys: &[
            ("rpo", &["\"15m\""], &["15", "\"15\""]),
            ("rto", &["\"2h\""], &["\"2\""]),
            ("window", &["\"14d\"", "\"36h\""], &["14", "\"14\""]),
            ("restore_rate", &["\"50Mi\""], &["\"50\"", "50"]),
            ("detect", &["\"10m\""], &["10"]),
            (
                "check",
                &["\"SELECT true\"", "\"with a as (select 1)\\nselect true\""],
                &["\"DELETE FROM a\"", "true"],
            ),
            ("drill_timeout", &["\"2h\""], &["\"2\"", "7200"]),
        ],
    },
    Table {
        of: &[Service, Overlay],
        name: "Restored",
        at: "databases.main.restored",
        needs: &["name", "from"],
        keys: &[
            ("name", &["\"orders-db-main-r2\""], &["\"orders_db\"", "2"]),
            ("from", &["\"orders-db-main\""], &["\"\"", "true"]),
            (
                "at",
                &["\"2026-11-29T14:30:00Z\"", "\"2026-11-29T14:30:00.25-05:00\""],
                &["\"2026-11-29T14:30:00\"", "\"2026-11-29\"", "\"yesterday\""],
            ),
        ],
    },
];
