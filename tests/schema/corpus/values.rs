//! Keys and values that several tables have.

use super::Key;

pub(super) const CLASS: Key = (
    "class",
    &["\"public\"", "\"internal\"", "\"confidential\"", "\"pii\""],
    &["\"PII\"", "\"secret\"", "1"],
);
pub(super) const CPU: Key =
    ("cpu", &["\"250m\"", "\"2\"", "\"0.5\""], &["\"250 m\"", "\"-1\"", "\"0\"", "\"1k\""]);
pub(super) const KUBERNETES: Key = (
    "kubernetes",
    &["{}", "{ deployment = {} }", "{ service-public = { spec = { type = \"ClusterIP\" } } }"],
    &["{ Deployment = {} }", "{ deployment = 1 }", "\"deployment\""],
);
pub(super) const MEMORY: Key =
    ("memory", &["\"256Mi\"", "\"1Gi\""], &["\"256\"", "\"256MB\"", "\"1.5Xi\"", "\"0\""]);
pub(super) const ENV: Key = (
    "env",
    &[
        "{}",
        "{ A = \"x\" }",
        "{ A = 1 }",
        "{ A = true }",
        "{ A = \"\" }",
        "{ A = { from = \"databases.main.host\" } }",
        "{ A = { from = \"services.payments.api.url\" } }",
        "{ A = { format = \"\" } }",
        "{ A = { format = \"{{x}} {caches.hot.address}\" } }",
        "{ A = { field = \"status.podIP\" } }",
        "{ A = { field = \"metadata.labels['a.b/c']\" } }",
        "{ A = { resource = \"limits.cpu\" } }",
        "{ A = { secret = \"a\", key = \"b\" } }",
        "{ A = { config_map = \"a\", key = \"b\", optional = true } }",
        "{ _a1 = \"x\" }",
    ],
    &[
        "{ \"1A\" = \"x\" }",
        "{ \"A-B\" = \"x\" }",
        "{ \"\" = \"x\" }",
        "{ A = [] }",
        "{ A = {} }",
        "{ A = { value = \"x\" } }",
        "{ A = { from = \"databases.main\" } }",
        "{ A = { from = \"topics.main.host\" } }",
        "{ A = { from = 1 } }",
        "{ A = { from = \"databases.main.host\", field = \"status.podIP\" } }",
        "{ A = { format = \"{\" } }",
        "{ A = { format = \"}\" } }",
        "{ A = { format = \"{host}\" } }",
        "{ A = { field = \"status.phase\" } }",
        "{ A = { field = \"metadata.labels['']\" } }",
        "{ A = { resource = \"limits.disk\" } }",
        "{ A = { secret = 1, key = \"b\" } }",
        "{ A = { secret = \"a\", key = \"b\", config_map = \"c\" } }",
    ],
);
pub(super) const IMAGE: Key = (
    "image",
    &["\"registry.example.com/a/b\"", "\"registry.example.com:5000/a:1.2\"", "\"docker.io/library/redis\""],
    &["\"Registry/a\"", "\"a b\"", "\"registry.example.com/a:\"", "\"registry.example.com/A\""],
);
pub(super) const DURATION: &[&str] = &["\"30s\"", "\"5m\"", "\"1h\"", "\"500ms\""];
pub(super) const NO_DURATION: &[&str] = &["\"30\"", "\"30 s\"", "\"1y\"", "\"-1s\"", "\"s\""];
pub(super) const PORT: &[&str] = &["1", "8000", "65535"];
pub(super) const NO_PORT: &[&str] = &["0", "65536", "\"8000\"", "-1"];
pub(super) const REPLICAS: &[&str] = &["1", "1000"];
pub(super) const NO_REPLICAS: &[&str] = &["0", "1001", "\"3\""];
pub(super) const NAMES: Key =
    ("services", &["[]", "[\"orders\"]"], &["[\"Orders\"]", "[\"-a\"]", "\"orders\"", "[1]"]);
pub(super) const SPEC: Key = ("spec", &["1"], &["0", "2", "\"1\""]);
pub(super) const PATHS: &[&str] = &["[]", "[\"a.b\"]", "['a.\"b c\".d']", "[\" a . b \"]"];
pub(super) const NO_PATHS: &[&str] = &["\"a\"", "[\"a..b\"]", "[\"\"]", "[\"a b\"]", "[1]"];
pub(super) const SECRET_KEYS: &[&str] = &["[]", "[\"api_key\", \"private.pem\"]"];
pub(super) const NO_SECRET_KEYS: &[&str] = &["[\"a b\"]", "[\"\"]", "[\"a/b\"]"];
pub(super) const BOOL: &[&str] = &["true", "false"];
pub(super) const NO_BOOL: &[&str] = &["\"true\"", "\"yes\"", "0"];
pub(super) const LIMIT: &[&str] = &["\"2\"", "\"500m\"", "\"none\""];
pub(super) const NO_LIMIT: &[&str] = &["\"None\"", "\"0\"", "2"];
pub(super) const SUBDOMAIN: &[&str] = &["\"a\"", "\"a.b-c\""];
pub(super) const NO_SUBDOMAIN: &[&str] = &["\"A\"", "\"a_b\"", "\"\""];
pub(super) const TEXTS: &[&str] = &["{}", "{ \"a.b/c\" = \"d e\" }"];
pub(super) const NO_TEXTS: &[&str] = &["{ \"a b\" = \"c\" }", "{ a = 1 }", "[]"];
pub(super) const LABELS: &[&str] = &["{}", "{ \"a.b/c\" = \"d\" }"];
pub(super) const NO_LABELS: &[&str] = &["{ \"a b\" = \"c\" }", "{ a = \"b c\" }", "{ a = true }"];
pub(super) const WORDS: &[&str] = &["[]", "[\"a\", \"\"]"];
pub(super) const NO_WORDS: &[&str] = &["\"a\"", "[1]"];
pub(super) const SHARE: &[&str] = &["\"25%\"", "\"1\"", "\"0\""];
pub(super) const NO_SHARE: &[&str] = &["\"101%\"", "1", "\"-1\"", "\"1.5\""];
pub(super) const ID: &[&str] = &["1", "65532", "2147483647"];
pub(super) const NO_ID: &[&str] = &["0", "2147483648", "\"1\""];
pub(super) const STORE_KEY: &[&str] = &["\"a\"", "\"kv/prod/a_b.c\""];
pub(super) const NO_STORE_KEY: &[&str] = &["\"/a\"", "\"a/\"", "\"a b\"", "\"\"", "1"];
