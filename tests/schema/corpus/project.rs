//! Tables of `specc.toml` and `images.lock`.

use super::Table;
use super::values::SPEC;
use crate::schema::File::{Images, Project};

pub(super) const TABLES: &[Table] = &[
    Table {
        of: &[Project],
        name: "",
        at: "",
        needs: &["spec", "project"],
        keys: &[
            SPEC,
            ("project", &["{ name = \"shop\" }"], &["{}"]),
            (
                "checks",
                &["{}", "{ egress-to-any = { level = \"allow\" } }"],
                &["{ Egress = { level = \"allow\" } }", "{ a- = { level = \"warn\" } }"],
            ),
            ("classes", &["{}", "{ pii = {} }"], &["{ secret = {} }", "[\"pii\"]"]),
            ("defaults", &["{}"], &["{ queue = {} }"]),
            ("helm", &["{}", "{ chart = true }"], &["{ chart = \"true\" }"]),
            (
                "retired",
                &["{}", "{ \"orders.databases.main\" = \"moved\", cart = \"sold\" }"],
                &["{ \"orders.databases\" = \"moved\" }", "{ orders = 1 }", "[\"orders\"]"],
            ),
        ],
    },
    Table {
        of: &[Project],
        name: "ProjectTable",
        at: "project",
        needs: &["name"],
        keys: &[
            ("name", &["\"shop\"", "\"a-1\""], &["\"Shop\"", "\"1a\"", "\"a-\"", "\"a_b\""]),
            ("owner", &["\"team\""], &["1"]),
            ("services", &["\"services\""], &["[\"services\"]"]),
            ("environments", &["[]", "[\"dev\", \"prod\"]"], &["\"dev\"", "[1]"]),
            ("out", &["\"deploy\""], &["1"]),
        ],
    },
    Table {
        of: &[Project],
        name: "CheckSetting",
        at: "checks.egress-to-any",
        needs: &["level"],
        keys: &[
            ("level", &["\"warn\"", "\"allow\"", "\"deny\""], &["\"error\"", "\"Warn\""]),
            ("reason", &["\"because\""], &["1"]),
            ("owner", &["\"team\""], &["1"]),
            ("until", &["2027-01-31"], &["\"soon\"", "2027-01-31T00:00:00"]),
        ],
    },
    Table {
        of: &[Project],
        name: "Classes",
        at: "classes",
        needs: &[],
        keys: &[
            ("public", &["{}", "{ min_retention = \"7d\" }"], &["\"7d\""]),
            ("internal", &["{}"], &["true"]),
            ("confidential", &["{}", "{ max_retention = \"12m\" }"], &["{ retention = \"7d\" }"]),
            ("pii", &["{ min_retention = \"7d\", max_retention = \"35d\" }"], &["35"]),
        ],
    },
    Table {
        of: &[Project],
        name: "ClassRules",
        at: "classes.pii",
        needs: &[],
        keys: &[
            ("min_retention", &["\"7d\"", "\"1w\""], &["7", "\"7\"", "\"1y\""]),
            ("max_retention", &["\"35d\"", "\"6m\""], &["\"0d\"", "true"]),
        ],
    },
    Table {
        of: &[Project],
        name: "Helm",
        at: "helm",
        needs: &[],
        keys: &[("chart", &["true", "false"], &["1", "\"yes\""])],
    },
    Table {
        of: &[Images],
        name: "",
        at: "",
        needs: &[],
        keys: &[(
            "images",
            &["{}"],
            &[
                "{ \"registry.example.com/a\" = {} }",
                "{ \"registry.example.com/a:1\" = { tag = \"1\", digest = \"x\" } }",
            ],
        )],
    },
    Table {
        of: &[Images],
        name: "Locked",
        at: "images.\"registry.example.com/a\"",
        needs: &["tag", "digest"],
        keys: &[
            ("tag", &["\"1.0\"", "\"main\""], &["\"-1\"", "\"a b\"", "1"]),
            (
                "digest",
                &["\"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\""],
                &["\"sha256:e3b0\"", "\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\""],
            ),
        ],
    },
];
