//! What checks say beyond the example of their page.

mod calls;
mod migrations;
mod protection;
mod sites;
mod ways_out;
mod workloads;

use crate::pages::findings;

/// A service around `body`.
fn shop(body: &str) -> String {
    format!(
        "spec = 1\n[service]\nname = \"shop\"\n[runtime]\nimage = \"registry.example.com/shop\"\napp = \"shop.main:app\"\n{body}"
    )
}

/// Demands that the project with `files` shows exactly the findings whose text holds these parts, each `code: part`.
#[track_caller]
fn shows(files: &[(&str, &str)], expected: &[(&str, &[&str])]) {
    let (found, shown) = findings(files, None);
    let codes: Vec<&str> = found.iter().map(|finding| finding.code).collect();
    let wanted: Vec<&str> = expected.iter().map(|(code, _)| *code).collect();
    assert_eq!(codes, wanted, "{shown}");
    let text = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in expected.iter().flat_map(|(_, parts)| *parts) {
        assert!(text.contains(part), "`{part}` is not in\n{shown}");
    }
}

#[test]
fn an_edge_to_another_kind_of_noun_is_told_apart() {
    let body = "[workloads.api]\nuses = [\"databases.hot\"]\n[caches.hot]\nengine = \"redis\"\n";
    shows(&[("services/shop.toml", &shop(body))], &[("unknown-edge", &["did you mean `\"caches.hot\"`?"])]);
    let nothing = "[workloads.api]\nuses = [\"secrets.signing\"]\n";
    shows(
        &[("services/shop.toml", &shop(nothing))],
        &[("unknown-edge", &["declare it: `[secrets.signing]` in the file of `shop`"])],
    );
}

#[test]
fn an_edge_to_a_service_that_runs_elsewhere_says_so() {
    let cart = shop("").replace("\"shop\"", "\"cart\"");
    let body = "[workloads.api]\nuses = [\"services.cart.api\"]\n";
    let dev = "tier = \"dev\"\nservices = [\"shop\"]\n";
    shows(
        &[("services/shop.toml", &shop(body)), ("services/cart.toml", &cart), ("dev/environment.toml", dev)],
        &[(
            "unknown-edge",
            &["the service `cart`, which does not run in `dev`", "add `\"cart\"` to `services`"],
        )],
    );
}

#[test]
fn a_value_that_overrides_another_shows_both() {
    let body = "[workloads.api]\nscale = { min = 2, max = 6 }\n";
    shows(
        &[("services/shop.toml", &shop(body)), ("prod/shop.toml", "[workloads.api.scale]\nmax = 1\n")],
        &[(
            "autoscaler-bounds",
            &["at most 1 pods", "overrides the value set here", "services/shop.toml:8:26"],
        )],
    );
}

#[test]
fn a_maximum_below_the_default_of_the_tier_names_the_tier() {
    shows(
        &[("prod/shop.toml", "[workloads.api.scale]\nmax = 2\n")],
        &[("autoscaler-bounds", &["at most 2", "tier = \"prod\"", "at least 3"])],
    );
}

#[test]
fn what_a_variable_refers_to_must_be_used() {
    let cache =
        "[caches.hot]\nengine = \"redis\"\n[workloads.api]\nuses = [\"caches.hot\"]\n[workloads.api.env]\n";
    let near = format!("{cache}REDIS = {{ from = \"caches.hott.url\" }}\n");
    shows(
        &[("services/shop.toml", &shop(&near))],
        &[("unknown-output", &["did you mean `caches.hot.url`?"])],
    );
    let other = format!("{cache}MAIL = {{ format = \"x{{externals.mail.url}}\" }}\n");
    shows(
        &[("services/shop.toml", &shop(&other))],
        &[("unknown-output", &["add `\"externals.mail\"` to `uses` of `[workloads.api]`"])],
    );
}

#[test]
fn an_edge_that_leads_nowhere_makes_no_further_noise() {
    let body = "[workloads.api]\nuses = [\"caches.hto\"]\n[workloads.api.env]\nREDIS = { from = \"caches.hto.url\" }\n\
                [caches.hot]\nengine = \"redis\"\n";
    shows(&[("services/shop.toml", &shop(body))], &[("unknown-edge", &[])]);
}

#[test]
fn two_things_that_give_one_variable_are_told_once() {
    let body = "[workloads.api]\nuses = [\"externals.mail\", \"secrets.mail\"]\n[externals.mail]\nurl = \"https://m.example\"\n\
                secrets = [\"key\"]\ncidrs = [\"198.51.100.0/24\"]\n[secrets.mail]\nkeys = [\"key\"]\n";
    shows(&[("prod/shop.toml", body)], &[("variable-collision", &["both give it the variable `MAIL_DIR`"])]);
}

#[test]
fn the_runtime_gives_way_to_the_spec() {
    let body = "[env]\nOMP_NUM_THREADS = \"4\"\n";
    shows(&[("services/shop.toml", &shop(body))], &[]);
}

#[test]
fn ports_and_files_conflict_by_name_too() {
    let body = "[workloads.api.ports.http]\nport = 9000\n";
    shows(
        &[("services/shop.toml", &shop(body))],
        &[("port-conflict", &["two ports of `shop.workloads.api` are called `http`"])],
    );
    let files = "[workloads.api.files.\"/etc/a-b\"]\ntext = \"x\"\n[workloads.api.files.\"/etc/a/b\"]\ntext = \"y\"\n";
    shows(&[("services/shop.toml", &shop(files))], &[("mount-conflict", &["kept under `etc-a-b`"])]);
    let tmp = "[workloads.api]\nwritable = [\"/tmp/cache\"]\n";
    shows(
        &[("services/shop.toml", &shop(tmp))],
        &[("mount-conflict", &["inside of `/tmp`", "`/tmp` is a writable folder in every pod"])],
    );
}

#[test]
fn workloads_share_a_host_by_their_paths() {
    let cart = shop("").replace("name = \"shop\"", "name = \"cart\"");
    let prod =
        "tier = \"prod\"\n[platform]\ngateway = \"ingress/public\"\nlistener_sets = true\nissuer = \"le\"\n";
    let route = |path: &str| {
        format!("[workloads.api]\nroute = {{ host = \"shop.example.com\", paths = [\"{path}\"] }}\n")
    };
    let files = [
        ("services/cart.toml", cart.as_str()),
        ("prod/cart.toml", &route("/cart")),
        ("prod/shop.toml", &route("/shop")),
        ("prod/environment.toml", prod),
    ];
    // with listeners of their own, and on those of the Gateway
    shows(&files, &[]);
    shows(&files[..3], &[]);
    let again = route("/cart");
    let same = [files[0], files[1], ("prod/shop.toml", again.as_str()), files[3]];
    shows(&same, &[("route-host-conflict", &["both take `shop.example.com/cart`"])]);
    shows(
        &[(
            "prod/shop.toml",
            "[workloads.api]\nroute = { host = \"a.example.com\", paths = [\"/x\", \"/x\"] }\n",
        )],
        &[("route-host-conflict", &["has `/x` twice"])],
    );
}

#[test]
fn routes_meet_where_a_request_could_be_for_both() {
    let gateway = "tier = \"dev\"\n[platform]\ngateway = \"ingress/public\"\n";
    let judge = |first: &str, second: &str, expected: &[(&str, &[&str])]| {
        let body = format!(
            "[workloads.api]\nports = {{ tls = {{ port = 8443 }} }}\nroute = {{ host = \"a.example.com\", {first} }}\n\
             routes = {{ b = {{ {second} }} }}\n"
        );
        shows(&[("services/shop.toml", &shop(&body)), ("dev/environment.toml", gateway)], expected);
    };
    let same: &[(&str, &[&str])] = &[("route-host-conflict", &["both take `a.example.com/`"])];
    let host = "host = \"a.example.com\"";
    judge("methods = [\"GET\"]", &format!("{host}, methods = [\"POST\"]"), &[]);
    judge("methods = [\"GET\"]", &format!("{host}, methods = [\"POST\", \"GET\"]"), same);
    judge("headers = { X-A = \"1\" }", &format!("{host}, headers = {{ X-A = \"2\" }}"), &[]);
    judge("headers = { X-A = \"1\" }", &format!("{host}, headers = {{ x-a = \"1\" }}"), same);
    judge("paths = [\"/a\"]", &format!("{host}, exact = [\"/a\"]"), &[]);
    judge(
        "paths = [\"/a\"]",
        "host = \"b.example.com\", hosts = [\"b.example.com\"]",
        &[("route-host-conflict", &["`shop.workloads.api.routes.b` has the host `b.example.com` twice"])],
    );
    judge("paths = [\"/\"]", "host = \"b.example.com\", redirect_from = [\"a.example.com\"]", same);
    judge(
        "paths = [\"/\"]",
        &format!("{host}, port = \"tls\", tls = \"passthrough\""),
        &[(
            "route-host-conflict",
            &["takes requests of HTTP on `a.example.com`", "connections that are passed through"],
        )],
    );
}

#[test]
fn what_a_route_cannot_say_is_told_for_each_of_its_carriers() {
    let platform = |line: &str| format!("tier = \"dev\"\n[platform]\n{line}\n");
    let judge = |platform: &str, body: &str, expected: &[(&str, &[&str])]| {
        let body = format!("[workloads.api]\n{body}\n");
        shows(&[("services/shop.toml", &shop(&body)), ("dev/environment.toml", platform)], expected);
    };
    let (gateway, ingress) =
        (platform("gateway = \"ingress/public\""), platform("ingress_class = \"nginx\""));
    let grpc = "kind = \"grpc\"\nhealth = { probe = \"grpc\" }\n";
    let host = "host = \"a.example.com\"";
    judge(
        &gateway,
        &format!("{grpc}route = {{ {host}, methods = [\"GET\"], timeout = \"none\" }}"),
        &[
            ("route-key-unused", &["`methods` means nothing"]),
            ("route-key-unused", &["`timeout` means nothing"]),
        ],
    );
    judge(&gateway, &format!("{grpc}route = {{ {host}, exact = [\"/a.B/C\"], paths = [\"/a.B\"] }}"), &[]);
    judge(
        &gateway,
        &format!("{grpc}route = {{ {host}, exact = [\"/a.B\"] }}"),
        &[("route-refused", &["no call"])],
    );
    judge(
        &gateway,
        &format!("route = {{ {host}, certificate = \"mine\" }}"),
        &[("route-key-unused", &["`certificate`"]), ("route-key-unused", &["`certificate`"])],
    );
    judge(
        &ingress,
        &format!("{grpc}route = {{ {host} }}"),
        &[("ingress-cannot-express", &["speaks HTTP/2"])],
    );
    judge(
        &ingress,
        &format!(
            "ports = {{ safe = {{ port = 8443, tls = {{ {host} }} }} }}\nroute = {{ {host}, port = \"safe\" }}"
        ),
        &[("ingress-cannot-express", &["speaks TLS"])],
    );
    let passed = format!(
        "ports = {{ tls = {{ port = 8443 }} }}\nroute = {{ {host}, port = \"tls\", tls = \"passthrough\" }}"
    );
    judge(&ingress, &passed, &[("ingress-cannot-express", &["`tls`"])]);
    judge(&gateway, &passed, &[]);
    // prod has a Gateway in this project
    judge(
        &ingress,
        &format!("route = {{ {host}, certificate = \"mine\" }}"),
        &[("route-key-unused", &["prod/environment.toml"])],
    );
    let worker = "kind = \"worker\"\ncommand = [\"x\"]\nport = 9000\n";
    judge(
        &gateway,
        &format!("{worker}route = {{ {host} }}"),
        &[("route-without-port", &["no port that anybody could call"])],
    );
    judge(&gateway, &format!("{worker}ports = {{ web = {{ port = 8000 }} }}\nroute = {{ {host} }}"), &[]);
    judge(
        &gateway,
        &format!(
            "ports = {{ log = {{ port = 514, protocol = \"udp\" }} }}\nroute = {{ {host}, port = \"log\" }}"
        ),
        &[("route-without-port", &["takes UDP"])],
    );
    judge(
        &gateway,
        &format!("route = {{ {host}, headers = {{ X-A = \"\" }} }}"),
        &[("route-refused", &["0 characters"])],
    );
    judge(
        &gateway,
        &format!(
            "ports = {{ safe = {{ port = 8443, app_protocol = \"http\", tls = {{ {host} }} }} }}\nroute = {{ {host} }}"
        ),
        &[("port-protocol-mismatch", &["encrypted, and speaks `http`"])],
    );
    let cors = "cors = { origins = [\"https://b.example.com\"] }";
    judge(
        &gateway,
        &format!("route = {{ {host}, {cors}, methods = [\"GET\"] }}"),
        &[("cors-impossible", &["without `OPTIONS`"])],
    );
    judge(&gateway, &format!("route = {{ {host}, {cors}, methods = [\"GET\", \"OPTIONS\"] }}"), &[]);
    judge(
        &gateway,
        &format!("route = {{ {host}, {cors}, headers = {{ X-A = \"1\" }} }}"),
        &[("cors-impossible", &["does not have `X-A`"])],
    );
    judge(
        &gateway,
        &format!("route = {{ {host}, cors = {{}} }}"),
        &[("cors-impossible", &["names no origins"])],
    );
    let many: Vec<String> = (0..17).map(|n| format!("\"h{n}.example.com\"")).collect();
    judge(
        &gateway,
        &format!("route = {{ {host}, hosts = [{}] }}", many.join(", ")),
        &[("route-refused", &["18 hosts", "takes 16"])],
    );
    judge(
        &gateway,
        &format!(
            "route = {{ {host}, cors = {{ origins = [\"https://b.example.com\"], methods = [\"GET\", \"PUT\", \"GET\"] }} }}"
        ),
        &[("route-refused", &["`cors.methods`", "has `GET` twice"])],
    );
}

#[test]
fn a_secret_is_never_shown() {
    let body = "[workloads.api]\nargs = [\"--password\", \"correct-horse\", \"--token=abc123def\"]\n\
                [workloads.api.files.\"/etc/shop/db.toml\"]\ntext = \"password = 'battery-staple'\"\n";
    let service = shop(body);
    let (found, shown) = findings(&[("services/shop.toml", &service)], None);
    let codes: Vec<&str> = found.iter().map(|finding| finding.code).collect();
    assert_eq!(codes, ["secret-in-plain"; 3], "{shown}");
    for secret in ["correct-horse", "abc123def", "battery-staple"] {
        assert!(!shown.contains(secret) && !format!("{found:?}").contains(secret), "{shown}");
    }
}

#[test]
fn plain_calls_inside_of_the_cluster_are_fine() {
    for (host, is_inside) in
        [("stub", true), ("stub.shop", true), ("stub.other.svc", true), ("stub.example", false)]
    {
        let body = format!(
            "[workloads.api]\nuses = [\"externals.stub\"]\n[externals.stub]\nurl = \"http://{host}\"\ncidrs = [\"10.1.0.0/16\"]\n"
        );
        let expected: &[(&str, &[&str])] = if is_inside { &[] } else { &[("plaintext-external", &[])] };
        shows(&[("prod/shop.toml", &body)], expected);
    }
}

#[test]
fn too_much_data_is_refused_with_its_size() {
    // one string of the spec is far smaller, but what is put into it may be long
    let text = "{caches.hot.url}".repeat(4_000);
    let body = format!(
        "[workloads.api]\nuses = [\"caches.hot\"]\n[workloads.api.env]\nBIG = {{ format = \"{text}\" }}\n[caches.hot]\nengine = \"redis\"\n"
    );
    let expected = ["the variable `BIG` of `shop.workloads.api` has 208005 bytes"];
    shows(&[("services/shop.toml", &shop(&body))], &[("object-too-large", &expected)]);
    let file = |index: usize| {
        format!("[workloads.api.files.\"/etc/shop/{index}\"]\ntext = \"{}\"\n", "x".repeat(60_000))
    };
    let (base, overlay): (String, String) = ((0..9).map(file).collect(), (9..18).map(file).collect());
    shows(
        &[("services/shop.toml", &shop(&base)), ("prod/shop.toml", &overlay)],
        &[("object-too-large", &["the files of `shop.workloads.api` have 1080"])],
    );
}
