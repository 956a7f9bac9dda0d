//! The containers of a pod: the program, what runs beside it, and what runs before it.

use super::environment::{env, env_from, escaped};
use super::security::Exceptions;
use super::{kind_of, no_probes, resources};
use crate::k8s::{
    Action, Container, ContainerPort, EnvFromSource, Exec, Handler, HttpGet, ImagePullPolicy, Lifecycle,
    LifecycleHandler, Protocol, RestartPolicy, Sleep, Volume, VolumeMount,
};
use crate::lower::{Cx, amount, probes};
use crate::origin::{GRACE, IMAGE_PULL, INHERIT, Origin, PRE_STOP, Traced, rule};
use crate::spec::workload::{self as spec, Pull, Transport};
use crate::system::platform::port_number;
use crate::system::{self, Port, VariableValue, Word, Workload};
use crate::text::Text;
use crate::walk::{Items, Maybe};

/// Seconds that a pod waits before its process is told to stop.
pub(crate) const PRE_STOP_SECONDS: u32 = 5;

/// The workload's own container.
pub(super) fn program(
    cx: &Cx<'_>,
    workload: &Workload,
    exceptions: &Exceptions,
    mounts: Items<VolumeMount>,
) -> Container {
    let probes = match &workload.health {
        Ok(health) => probes::of(cx, health),
        Err(because) => no_probes(*because),
    };
    Container {
        name: workload.name.clone(),
        image: workload.image.text(),
        image_pull_policy: pull(workload),
        restart_policy: None,
        command: words(cx, &workload.command),
        args: words(cx, &workload.args),
        ports: ports(&workload.ports),
        env_from: {
            let mut all = Items::default();
            env_from(&workload.env_from, &mut all, &|at| at);
            all
        },
        env: env(cx, &workload.variables),
        resources: resources::of_workload(cx, workload),
        resize_policy: resources::resize(workload),
        startup_probe: probes.startup,
        readiness_probe: probes.readiness,
        liveness_probe: probes.liveness,
        lifecycle: lifecycle(workload),
        security_context: exceptions.of_container(),
        volume_mounts: mounts,
    }
}

/// A container beside the program, or before it.
pub(super) fn further(
    cx: &Cx<'_>,
    workload: &Workload,
    (container, stays): (&system::Container, bool),
    exceptions: &Exceptions,
    volumes: &mut Items<Volume>,
) -> Container {
    let probes = match &container.health {
        Ok(health) if stays => probes::of(cx, health),
        Ok(health) => no_probes(health.because),
        Err(because) => no_probes(*because),
    };
    Container {
        name: container.name.clone(),
        image: container.image.text(),
        image_pull_policy: pull(workload),
        restart_policy: stays.then(|| Traced::because(RestartPolicy::Always, container.because)),
        command: words(cx, &container.command),
        args: words(cx, &container.args),
        ports: ports(&container.ports),
        env_from: further_env_from(cx, workload, container),
        env: env(cx, &container.variables),
        resources: resources::of_container(cx, container),
        // one that ends is not resized, and the API refuses to be told how
        resize_policy: if stays { resources::resize(workload) } else { Items::default() },
        startup_probe: probes.startup,
        readiness_probe: probes.readiness,
        liveness_probe: probes.liveness,
        lifecycle: Maybe::none(container.because),
        security_context: exceptions.of_further(container),
        volume_mounts: super::volumes::of_further(cx, workload, container, volumes),
    }
}

/// The words as the kubelet must be told them.
fn words(cx: &Cx<'_>, words: &[Word]) -> Vec<Traced<Text>> {
    let word = |word: &Word| match &word.value {
        VariableValue::Plain(text) => Some(escaped(cx, text)),
        other => other.text().cloned(),
    };
    words.iter().filter_map(word).collect()
}

/// The container's own, and the program's where it has what the program has.
fn further_env_from(cx: &Cx<'_>, workload: &Workload, container: &system::Container) -> Items<EnvFromSource> {
    let mut all = Items::default();
    if let Some(inherits) = container.inherits() {
        env_from(&workload.env_from, &mut all, &|at| cx.tracer.because(INHERIT, &[at, inherits]));
    }
    env_from(&container.env_from, &mut all, &|at| at);
    all
}

fn pull(workload: &Workload) -> Traced<ImagePullPolicy> {
    let written = workload.pod.as_ref().and_then(|pod| pod.image_pull);
    written.map_or_else(
        || rule(IMAGE_PULL, ImagePullPolicy::Always),
        |pull| {
            pull.map(|pull| match pull {
                Pull::Always => ImagePullPolicy::Always,
                Pull::IfNotPresent => ImagePullPolicy::IfNotPresent,
                Pull::Never => ImagePullPolicy::Never,
            })
        },
    )
}

fn ports(ports: &[Port]) -> Items<ContainerPort> {
    let mut declared = Items::default();
    for port in ports {
        let one = ContainerPort {
            name: port.name.clone(),
            container_port: port.number,
            host_port: port.host_port,
            protocol: protocol(&port.transport),
        };
        declared.push(port.name.get().clone(), port.because, one);
    }
    declared
}

/// The API's word for a transport protocol.
pub(crate) fn protocol(transport: &Traced<Transport>) -> Traced<Protocol> {
    transport.map(|t| match t {
        Transport::Tcp => Protocol::Tcp,
        Transport::Udp => Protocol::Udp,
    })
}

/// A pod that serves waits before it stops, so that nobody sends to it any more, unless the workload says otherwise.
fn lifecycle(workload: &Workload) -> Maybe<Lifecycle> {
    let usual = || {
        let sleep = Action::Sleep(Sleep { seconds: rule(PRE_STOP, PRE_STOP_SECONDS) });
        workload.is_serving().then_some(LifecycleHandler { action: sleep })
    };
    let written = |hook: &spec::Hook| action(workload, hook).map(|action| LifecycleHandler { action });
    let pre_stop = workload.pre_stop.as_ref().map_or_else(usual, written);
    let post_start = workload.post_start.as_ref().and_then(written);
    let there = pre_stop.is_some() || post_start.is_some();
    Maybe::from_option(kind_of(workload), there.then_some(Lifecycle { post_start, pre_stop }))
}

/// What a hook does; none for one that says nothing, which a check reports.
fn action(workload: &Workload, hook: &spec::Hook) -> Option<Action> {
    if let Some(sleep) = &hook.sleep {
        return Some(Action::Sleep(Sleep {
            seconds: sleep.map(|s| u32::try_from(s.seconds_ceil()).unwrap_or(u32::MAX)),
        }));
    }
    if let Some(path) = &hook.path {
        let main = || workload.main_port().map(|p| p.number);
        let port = hook.port.as_ref().map(port_number).or_else(main)?;
        let get =
            HttpGet { path: amount(path), port: port.cast(), scheme: None, http_headers: Items::default() };
        return Some(Action::HttpGet(get));
    }
    (!hook.command.is_empty()).then(|| Action::Exec(Exec { command: hook.command.items.clone() }))
}

/// Seconds from the first signal to the kill.
pub(super) fn grace(cx: &Cx<'_>, workload: &Workload) -> Traced<u32> {
    let whole = |d: &crate::value::Duration| u32::try_from(d.seconds_ceil()).unwrap_or(u32::MAX - 1000);
    if let Some(grace) = workload.pod.as_ref().and_then(|pod| pod.grace.as_ref()) {
        return Traced::because(whole(grace.get()), grace.origin());
    }
    let pre_stop = match &workload.pre_stop {
        Some(hook) => hook.sleep.as_ref().map_or_else(
            || Traced::because(PRE_STOP_SECONDS, Origin::spec(hook.at)),
            |sleep| Traced::because(whole(sleep.get()), sleep.origin()),
        ),
        None => {
            Traced::because(if workload.is_serving() { PRE_STOP_SECONDS } else { 0 }, workload.kind.origin())
        }
    };
    cx.tracer.derive(GRACE, (&pre_stop, &workload.drain), |(pre_stop, drain)| {
        pre_stop
            .saturating_add(u32::try_from(drain.seconds_ceil()).unwrap_or(u32::MAX - 1000))
            .saturating_add(5)
    })
}

/// What a question becomes.
pub(crate) fn handler(question: &system::Question) -> Handler {
    use system::Question;
    match question {
        Question::Http { path, port, headers } => {
            let mut http_headers = Items::default();
            for (name, value) in headers {
                let header = crate::k8s::HttpHeader { name: name.clone(), value: value.clone() };
                http_headers.push(Text::clone(name.get()), name.origin(), header);
            }
            Handler::HttpGet(HttpGet { path: path.clone(), port: port.cast(), scheme: None, http_headers })
        }
        Question::Grpc { port, service } => {
            Handler::Grpc(crate::k8s::Grpc { port: *port, service: service.clone() })
        }
        Question::Tcp { port } => Handler::TcpSocket(crate::k8s::TcpSocket { port: port.cast() }),
        Question::Exec { command } => Handler::Exec(Exec { command: command.clone() }),
    }
}
