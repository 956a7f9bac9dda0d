//! Discovery: where a project is, and what belongs to it.

use std::path::Path;

use specc::diagnostic::{Severity, Sink};
use specc::load::Load;
use specc::merge::merge;
use specc::node::{Kind, Layer, Node};
use specc::project::{Project, Wanted};
use tempfile::TempDir;

use crate::disk::{folder, lines, put};

const PROJECT: &str = "[project]\nname = \"shop\"\nenvironments = [\"envs/dev\", \"envs/prod\"]\n";

fn open(folder: &TempDir, wanted: Wanted<'_>) -> (Project, Load, Vec<String>) {
    let mut sink = Sink::default();
    let (project, load) = Project::open(folder.path(), wanted, &mut sink).unwrap();
    let lines = lines(sink, load.sources());
    (project, load, lines)
}

fn findings<C: AsRef<[u8]>>(files: &[(&str, C)]) -> Vec<String> {
    open(&folder(files), Wanted::All).2
}

fn names(project: &Project) -> (Vec<&str>, Vec<&str>) {
    (
        project.services.iter().map(|s| s.name.as_str()).collect(),
        project.environments.iter().map(|e| e.name().as_str()).collect(),
    )
}

fn whole() -> TempDir {
    folder(&[
        ("specc.toml", PROJECT),
        ("services/web.toml", "a = 1\nb = 1\n"),
        ("services/api.toml", "a = 1\n"),
        ("services/README.md", "not a service"),
        ("services/.api.toml", "not = a service"),
        ("envs/_base/environment.toml", "tier = \"dev\"\n[env]\nX = \"base\"\n"),
        ("envs/_base/web.toml", "b = 2\n"),
        ("envs/dev/environment.toml", "extends = \"_base\"\n"),
        ("envs/dev/images.lock", "[images]\n"),
        ("envs/prod/environment.toml", "extends = \"envs/_base\"\ntier = \"prod\"\n"),
        ("envs/prod/web.toml", "b = 3\n"),
    ])
}

#[test]
fn a_project_is_found_from_anywhere_in_it_and_never_above_the_repository() {
    let project = whole();
    for start in ["", "envs", "envs/prod", "envs/prod/web.toml", "envs/nowhere/at/all"] {
        let mut sink = Sink::default();
        let (_, load) = Project::open(&project.path().join(start), Wanted::All, &mut sink).unwrap();
        assert_eq!(load.root(), project.path().canonicalize().unwrap(), "{start}");
        assert!(sink.is_empty());
    }
    put(project.path(), "services/inner/.git", b"gitdir: elsewhere\n");
    let start = project.path().join("services/inner");
    let mut sink = Sink::default();
    assert!(Project::open(&start, Wanted::All, &mut sink).is_none());
    let found = sink.into_sorted(&specc::source::SourceMap::default());
    assert_eq!((found[0].code, found[0].severity), ("no-project", Severity::Failure));
    assert!(found[0].help[0].contains("specc init"));
    let mut sink = Sink::default();
    assert!(Project::open(Path::new("/"), Wanted::All, &mut sink).is_none());
}

#[test]
fn services_environments_chains_and_overlays() {
    let folder = whole();
    let (project, load, found) = open(&folder, Wanted::All);
    assert_eq!(found, [""; 0]);
    assert_eq!(project.name.as_deref(), Some("shop"));
    assert_eq!(names(&project), (vec!["api", "web"], vec!["dev", "prod"]));
    let [dev, prod] = &project.environments[..] else { panic!("two environments") };
    assert!(dev.images.is_some() && prod.images.is_none());
    let ranks: Vec<_> = prod.chain.iter().map(|l| (l.layer, l.folder.path.as_str())).collect();
    assert_eq!(ranks, [(Layer(1), "envs/_base"), (Layer(2), "envs/prod")]);
    assert_eq!((prod.layer_name(Layer::BASE), prod.layer_name(Layer(2))), ("base", "envs/prod"));

    let web = &project.services[1];
    let layers = prod.service_layers(web);
    assert_eq!(layers.overlays.iter().map(|(l, _)| *l).collect::<Vec<_>>(), [Layer(1), Layer(2)]);
    let merged = merge(&layers, &mut Sink::default());
    let b = merged.root.get("b").unwrap();
    assert!(matches!(b.kind, Kind::Integer(3)));
    let history: Vec<_> = b.earlier().iter().map(|m| load.sources().locate(m.value)).collect();
    assert_eq!(history, ["services/web.toml:2:5", "envs/_base/web.toml:1:5"]);

    let mut sink = Sink::default();
    let own = merge(&prod.layers().unwrap(), &mut sink);
    assert!(sink.is_empty());
    assert_eq!(own.root.get("tier").and_then(Node::string).map(AsRef::as_ref), Some("prod"));
    assert!(own.root.get("env").unwrap().get("X").is_some());
    assert!(own.root.get("extends").is_none());

    let inputs: Vec<_> = project.inputs(prod).into_iter().map(|id| load.sources().path(id)).collect();
    let expected = [
        "specc.toml",
        "envs/_base/environment.toml",
        "envs/prod/environment.toml",
        "services/api.toml",
        "services/web.toml",
        "envs/_base/web.toml",
        "envs/prod/web.toml",
    ];
    assert_eq!(inputs, expected);
}

#[test]
fn environments_are_chosen_by_name_folder_or_path() {
    let folder = whole();
    let absolute = folder.path().join("envs/prod");
    for given in ["prod", "envs/prod", "./envs/prod/", absolute.to_str().unwrap()] {
        let (project, load, found) = open(&folder, Wanted::Some(&[given]));
        assert_eq!((names(&project).1, found), (vec!["prod"], vec![]), "{given}");
        assert_eq!(project.listed.len(), 2);
        let read = load.inputs().into_iter().filter(|(path, _)| path.starts_with("envs/dev")).count();
        assert_eq!(read, 0, "only what is wanted is read");
        let mut sink = Sink::default();
        assert_eq!(project.select(&load, given, &mut sink).unwrap().name(), &"prod");
        assert!(project.select(&load, "nowhere", &mut sink).is_none());
        assert_eq!(sink.len(), 1);
    }
    let (_, load, _) = open(&folder, Wanted::All);
    for (given, help) in [
        ("prd", "did you mean `prod`?"),
        ("envs/prd", "did you mean `prod`?"),
        ("elsewhere", "add its folder to `[project] environments` in `specc.toml`"),
        ("_base", "add its folder to `[project] environments` in `specc.toml`"),
    ] {
        let mut sink = Sink::default();
        Project::open(folder.path(), Wanted::Some(&[given]), &mut sink);
        let found = sink.into_sorted(load.sources());
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].code, found[0].severity), ("unknown-environment", Severity::Failure));
        assert_eq!(found[0].title, format!("there is no environment `{given}`"));
        assert_eq!(found[0].help, [help]);
    }
}

#[test]
fn a_single_service_stands_beside_the_project_file() {
    let project = "[project]\nenvironments = [\"dev\"]\n";
    let files = [
        ("specc.toml", project),
        ("service.toml", "[service]\nname = \"web\"\n"),
        ("dev/environment.toml", ""),
        ("dev/web.toml", ""),
    ];
    let folder = folder(&files);
    let (project, _, found) = open(&folder, Wanted::All);
    assert_eq!(found, [""; 0]);
    assert_eq!(names(&project), (vec!["web"], vec!["dev"]));
    assert_eq!(project.environments[0].service_layers(&project.services[0]).overlays.len(), 1);

    put(folder.path(), "service.toml", b"[service]\n");
    assert_eq!(
        open(&folder, Wanted::All).2,
        ["missing-key service.toml:1:1 `service.toml` lacks `service.name`"]
    );
    put(folder.path(), "service.toml", b"[service]\nname = \"We_b\"\n");
    assert_eq!(
        open(&folder, Wanted::All).2[..1],
        ["bad-file-name service.toml:2:8 `We_b` cannot be the name of a service"]
    );
    put(folder.path(), "services/web.toml", b"");
    assert_eq!(
        open(&folder, Wanted::All).2,
        [
            "mixed-layout service.toml there are services in `services` and a `service.toml` beside `specc.toml`"
        ]
    );
}

#[test]
fn services_have_usable_names_and_there_is_one() {
    let base =
        [("specc.toml", PROJECT), ("envs/dev/environment.toml", ""), ("envs/prod/environment.toml", "")];
    let with = |more: &[(&'static str, &'static str)]| findings(&[&base[..], more].concat());
    assert_eq!(with(&[]), ["no-services specc.toml the project has no service"]);
    let stems = with(&[
        ("services/_x.toml", ""),
        ("services/environment.toml", ""),
        ("services/environments.toml", ""),
        ("services/images.toml", ""),
        ("services/Web.toml", ""),
        ("envs/dev/Web.toml", ""),
    ]);
    assert_eq!(
        stems,
        [
            "bad-file-name services/Web.toml:1:1 `Web` cannot be the name of a service",
            "reserved-name services/_x.toml:1:1 a service cannot be called `_x`: a leading `_` is reserved",
            "reserved-name services/environment.toml:1:1 a service cannot be called `environment`",
            "reserved-name services/environments.toml:1:1 a service cannot be called `environments`",
            "reserved-name services/images.toml:1:1 a service cannot be called `images`",
        ]
    );
    let project = |keys: &str| {
        let text = format!("{PROJECT}{keys}");
        let files = [("specc.toml", text.as_str())];
        findings(&[&files[..], &base[1..], &[("svc/a.toml", ""), ("file", "")]].concat())
    };
    assert_eq!(project("services = \"svc/\"\n"), [""; 0]);
    assert_eq!(
        project("services = 3\n"),
        ["wrong-type specc.toml:4:12 `project.services` must be a folder, not an integer"]
    );
    assert_eq!(
        project("services = \"no\"\n"),
        ["cannot-read specc.toml:4:12 cannot read `no`: it does not exist"]
    );
    assert_eq!(project("services = \"file\"\n"), ["not-a-folder specc.toml:4:12 `file` is not a folder"]);
    assert_eq!(
        project("services = \"../x\"\n"),
        ["outside-project specc.toml:4:12 `../x` leads out of the project"]
    );
    assert_eq!(project("services = \"envs\"\n"), ["no-services specc.toml:4:12 the project has no service"]);
}

#[test]
fn environments_are_listed_folders() {
    let project = |environments: &str| {
        let text = format!("[project]\n{environments}\n");
        findings(&[
            ("specc.toml", text.as_str()),
            ("services/a.toml", ""),
            ("envs/prod/environment.toml", ""),
            ("other/prod/environment.toml", ""),
            ("Envs_/environment.toml", ""),
            ("_x/environment.toml", ""),
        ])
    };
    assert_eq!(project("environments = [\"envs/prod/\"]"), [""; 0]);
    assert_eq!(project(""), ["missing-key specc.toml:1:1 `project.environments` lists no environment"]);
    assert_eq!(
        project("environments = []"),
        ["missing-key specc.toml:2:16 `project.environments` lists no environment"]
    );
    assert_eq!(
        project("environments = 'envs/prod'"),
        ["wrong-type specc.toml:2:16 `project.environments` must be an array of folders, not a string"]
    );
    assert_eq!(
        project("environments = ['envs/prod', 1]"),
        ["wrong-type specc.toml:2:30 `project.environments` must be an array of folders, not an integer"]
    );
    assert_eq!(
        project("environments = ['envs/prod', 'other/prod']"),
        ["duplicate-environment specc.toml:2:30 two environments are called `prod` < specc.toml:2:17"]
    );
    assert_eq!(
        project("environments = ['../prod', '/prod', '.']"),
        [
            "outside-project specc.toml:2:17 `../prod` leads out of the project",
            "outside-project specc.toml:2:28 `/prod` leads out of the project",
            "outside-project specc.toml:2:37 `.` leads out of the project",
        ]
    );
    assert_eq!(
        project("environments = ['_x', 'Envs_']"),
        [
            "reserved-name specc.toml:2:17 an environment cannot be called `_x`: a leading `_` is reserved",
            "bad-file-name specc.toml:2:23 `Envs_` cannot be the name of an environment",
        ]
    );
    let folder = folder(&[
        ("specc.toml", "project.environments = ['envs/prd', 'envs/test']"),
        ("services/a.toml", ""),
        ("envs/prod/environment.toml", ""),
    ]);
    let mut sink = Sink::default();
    let (_, load) = Project::open(folder.path(), Wanted::All, &mut sink).unwrap();
    let found = sink.into_sorted(load.sources());
    let short: Vec<_> = found.iter().map(|d| (d.code, d.title.as_str(), d.help[0].as_str())).collect();
    assert_eq!(
        short,
        [
            (
                "environment-missing",
                "environment `envs/prd` has no `environment.toml`",
                "did you mean `envs/prod`?"
            ),
            (
                "environment-missing",
                "environment `envs/test` has no `environment.toml`",
                "write `envs/test/environment.toml`, with at least `tier = \"dev\"`; or delete it from the list",
            ),
        ]
    );
}

#[test]
fn a_chain_of_environments_ends_and_is_no_circle() {
    let chain = |extends: &[(&'static str, &'static str)]| {
        let mut files = vec![("specc.toml", PROJECT.to_owned()), ("services/a.toml", String::new())];
        files.extend(extends.iter().map(|(path, parent)| (*path, format!("extends = {parent}\n"))));
        findings(&files)
    };
    let (dev, prod) = ("envs/dev/environment.toml", "envs/prod/environment.toml");
    assert_eq!(
        chain(&[(dev, "'prod'"), (prod, "'dev'")]),
        [
            "extends-cycle envs/dev/environment.toml:1:11 environments extend each other in a circle: dev -> prod -> dev \
             < envs/prod/environment.toml:1:11"
        ]
    );
    assert_eq!(
        chain(&[(dev, "'_a'"), (prod, "'_a'"), ("envs/_a/environment.toml", "'_a'")]),
        ["extends-cycle envs/_a/environment.toml:1:11 environments extend each other in a circle: _a -> _a"]
    );
    let unknown = "which is neither a listed environment nor a folder that begins with `_` and has an `environment.toml`";
    assert_eq!(
        chain(&[(dev, "'_bse'"), (prod, "3")]),
        [
            format!("unknown-parent envs/dev/environment.toml:1:11 `extends` names `_bse`, {unknown}"),
            "unknown-parent envs/prod/environment.toml:1:11 `extends` takes the name of an environment, not an integer"
                .to_owned(),
        ]
    );
    let mut long = vec![("specc.toml", PROJECT.to_owned()), ("services/a.toml", String::new())];
    let paths: Vec<_> = (1..=9).map(|n| format!("envs/_{n}/environment.toml")).collect();
    for (n, path) in (1..).zip(&paths) {
        let extends = if n < 9 { format!("extends = '_{}'\n", n + 1) } else { String::new() };
        long.push((path, extends));
    }
    long.push((dev, "extends = '_2'\n".to_owned()));
    long.push((prod, "extends = '_1'\n".to_owned()));
    let found = findings(&long);
    assert_eq!(found.len(), 1, "{found:?}");
    let title =
        "an environment has more than 8 ancestors: prod -> _1 -> _2 -> _3 -> _4 -> _5 -> _6 -> _7 -> _8";
    assert!(
        found[0].starts_with(&format!("extends-too-deep envs/_8/environment.toml:1:11 {title} < ")),
        "{found:?}"
    );
}

#[test]
fn an_overlay_needs_its_service() {
    let folder = folder(&[
        ("specc.toml", PROJECT),
        ("services/orders.toml", ""),
        ("services/broken.toml", "a = \n"),
        ("envs/dev/environment.toml", ""),
        ("envs/dev/order.toml", ""),
        ("envs/dev/images.toml", ""),
        ("envs/dev/broken.toml", ""),
        ("envs/prod/environment.toml", ""),
        ("envs/prod/orders.toml", ""),
        ("envs/prod/elsewhere.toml", ""),
    ]);
    let mut sink = Sink::default();
    let (_, load) = Project::open(folder.path(), Wanted::All, &mut sink).unwrap();
    let found = sink.into_sorted(load.sources());
    let show = |d: &specc::diagnostic::Diagnostic| (crate::disk::line(d, load.sources()), d.help[0].clone());
    let title = |path: &str, stem: &str| {
        format!("overlay-for-nothing {path}:1:1 `{path}` changes a service that does not exist: `{stem}`")
    };
    assert_eq!(
        found.iter().map(show).collect::<Vec<_>>(),
        [
            (title("envs/dev/images.toml", "images"), "digests of images stand in `images.lock`".to_owned()),
            (title("envs/dev/order.toml", "order"), "did you mean `orders.toml`?".to_owned()),
            (
                title("envs/prod/elsewhere.toml", "elsewhere"),
                "rename it, delete it, or write the service `elsewhere` first".to_owned()
            ),
            (
                "toml-syntax services/broken.toml:1:5 `a` has no value".to_owned(),
                "write `key = value`, or delete the line".to_owned()
            ),
        ]
    );
}

#[test]
fn a_broken_project_file_is_not_blamed_for_more() {
    assert_eq!(
        findings(&[
            ("specc.toml", "[project]\nname = \nenvironments = [\"dev\"\n"),
            ("services/a.toml", ""),
            ("dev/environment.toml", ""),
        ]),
        [
            "toml-syntax specc.toml:2:8 `name` has no value",
            "toml-syntax specc.toml:3:16 an array is never closed",
        ]
    );
}
