//! A container (core/v1): image, environment, resources, probes, security.

use super::SeccompProfile;
use crate::k8s::meta::NameOf;
use crate::k8s::model::{closed, object, one_of};
use crate::origin::Traced;
use crate::text::Text;
use crate::walk::{IntOrString, Items, Maybe};

/// A `resource.Quantity` in its canonical form: `500m`, `256Mi`.
pub type Amount = Text;

object! {
    /// `Container`.
    pub struct Container {
        name: Traced<Text>,
        /// `repository:tag@digest`.
        image: Traced<Text>,
        image_pull_policy: Traced<ImagePullPolicy>,
        /// `Always` makes an init container a sidecar: it starts before the program and ends after it.
        restart_policy: Option<Traced<super::RestartPolicy>>,
        /// In `command`, `args` and the values of `env` the kubelet expands `$(NAME)`: plain text needs `$$(`.
        command: Vec<Traced<Text>>,
        args: Vec<Traced<Text>>,
        ports: Items<ContainerPort>,
        env_from: Items<EnvFromSource>,
        env: Items<EnvVar>,
        resources: Resources,
        /// What a change of a request or limit means for the running container.
        resize_policy: Items<ResizePolicy>,
        startup_probe: Maybe<ContainerProbe>,
        readiness_probe: Maybe<ContainerProbe>,
        liveness_probe: Maybe<ContainerProbe>,
        lifecycle: Maybe<Lifecycle>,
        security_context: Security,
        volume_mounts: Items<VolumeMount>,
    }

    /// `ContainerResizePolicy`.
    pub struct ResizePolicy {
        resource_name: Traced<Text>,
        restart_policy: Traced<ResizeRestart>,
    }

    /// `ContainerPort`.
    pub struct ContainerPort {
        /// An IANA service name, at most 15 characters.
        name: Traced<Text>,
        container_port: Traced<u16>,
        /// Port of the node.
        host_port: Option<Traced<u16>>,
        protocol: Traced<Protocol>,
    }

    /// `EnvVar`.
    pub struct EnvVar {
        name: Traced<Text>,
        source: EnvSource,
    }

    /// `EnvFromSource`.
    pub struct EnvFromSource {
        prefix: Option<Traced<Text>>,
        source: AllKeys,
    }

    /// `SecretEnvSource`, `ConfigMapEnvSource`.
    pub struct KeysOf {
        name: Traced<NameOf>,
        optional: Option<Traced<bool>>,
    }

    /// `EnvVarSource`.
    pub struct ValueFrom {
        source: ValueSource,
    }

    /// `ObjectFieldSelector`.
    pub struct FieldRef {
        field_path: Traced<Text>,
    }

    /// `SecretKeySelector`, `ConfigMapKeySelector`.
    pub struct KeyRef {
        name: Traced<NameOf>,
        key: Traced<Text>,
        optional: Option<Traced<bool>>,
    }

    /// `ResourceFieldSelector`.
    pub struct ResourceFieldRef {
        /// `limits.cpu` and the like, of the same container.
        resource: Traced<Text>,
    }

    /// `ResourceRequirements`.
    pub struct Resources {
        requests: Amounts,
        limits: Amounts,
    }

    /// What is asked for, or the most that is given.
    pub struct Amounts {
        cpu: Option<Traced<Amount>>,
        memory: Option<Traced<Amount>>,
        ephemeral_storage = "ephemeral-storage": Option<Traced<Amount>>,
    }

    /// `Probe`.
    pub struct ContainerProbe {
        handler: Handler,
        initial_delay_seconds: Option<Traced<u32>>,
        period_seconds: Traced<u32>,
        timeout_seconds: Traced<u32>,
        failure_threshold: Traced<u32>,
        /// Must be 1 for start-up and liveness.
        success_threshold: Traced<u32>,
    }

    /// `HTTPGetAction`.
    pub struct HttpGet {
        path: Traced<Text>,
        port: Traced<IntOrString>,
        scheme: Option<Traced<Scheme>>,
        http_headers: Items<HttpHeader>,
    }

    /// `HTTPHeader`.
    pub struct HttpHeader {
        name: Traced<Text>,
        value: Traced<Text>,
    }

    /// `ExecAction`.
    pub struct Exec {
        command: Vec<Traced<Text>>,
    }

    /// `TCPSocketAction`.
    pub struct TcpSocket {
        port: Traced<IntOrString>,
    }

    /// `GRPCAction`.
    pub struct Grpc {
        port: Traced<u16>,
        service: Option<Traced<Text>>,
    }

    /// `Lifecycle`.
    pub struct Lifecycle {
        post_start: Option<LifecycleHandler>,
        pre_stop: Option<LifecycleHandler>,
    }

    /// `LifecycleHandler`.
    pub struct LifecycleHandler {
        action: Action,
    }

    /// `SleepAction`.
    pub struct Sleep {
        seconds: Traced<u32>,
    }

    /// `SecurityContext` of a container.
    pub struct Security {
        allow_privilege_escalation: Traced<bool>,
        privileged: Traced<bool>,
        read_only_root_filesystem: Traced<bool>,
        run_as_non_root: Traced<bool>,
        run_as_user: Traced<i64>,
        run_as_group: Traced<i64>,
        capabilities: Capabilities,
        seccomp_profile: SeccompProfile,
    }

    /// `Capabilities`.
    pub struct Capabilities {
        add: Vec<Traced<Text>>,
        drop: Vec<Traced<Text>>,
    }

    /// `VolumeMount`.
    pub struct VolumeMount {
        /// The name of a volume of the same pod.
        name: Traced<Text>,
        mount_path: Traced<Text>,
        sub_path: Option<Traced<Text>>,
        read_only: Option<Traced<bool>>,
    }
}

one_of! {
    /// What a variable is set to.
    pub enum EnvSource {
        /// a text
        Value(Traced<Text>) = "value",
        /// something known to the cluster
        From(ValueFrom) = "valueFrom",
    }

    /// Where a variable's value comes from.
    pub enum ValueSource {
        /// a field of the pod
        Field(FieldRef) = "fieldRef",
        /// a key of a Secret
        SecretKey(KeyRef) = "secretKeyRef",
        /// a key of a ConfigMap
        ConfigMapKey(KeyRef) = "configMapKeyRef",
        /// a request or limit of the container
        Resource(ResourceFieldRef) = "resourceFieldRef",
    }

    /// An object whose keys are variables.
    pub enum AllKeys {
        /// a Secret
        Secret(KeysOf) = "secretRef",
        /// a ConfigMap
        ConfigMap(KeysOf) = "configMapRef",
    }

    /// What a [`LifecycleHandler`] does.
    pub enum Action {
        /// a pause, so that no balancer still sends requests
        Sleep(Sleep) = "sleep",
        /// a command
        Exec(Exec) = "exec",
        /// a GET
        HttpGet(HttpGet) = "httpGet",
    }

    /// How a probe asks.
    pub enum Handler {
        /// a GET that must answer 200 to 399
        HttpGet(HttpGet) = "httpGet",
        /// a command that must exit with 0
        Exec(Exec) = "exec",
        /// a port that must accept a connection
        TcpSocket(TcpSocket) = "tcpSocket",
        /// gRPC's health service
        Grpc(Grpc) = "grpc",
    }
}

closed! {
    /// `restartPolicy` of a [`ResizePolicy`].
    pub enum ResizeRestart {
        /// it runs on
        NotRequired,
        /// it is started anew
        RestartContainer,
    }

    /// `imagePullPolicy`.
    pub enum ImagePullPolicy {
        /// at each start
        Always,
        /// unless the node has it
        IfNotPresent,
        /// the node must have it
        Never,
    }

    /// A transport protocol.
    pub enum Protocol {
        /// TCP
        Tcp = "TCP",
        /// UDP
        Udp = "UDP",
    }

    /// `scheme` of a GET.
    pub enum Scheme {
        /// plain
        Http = "HTTP",
        /// encrypted; the kubelet does not verify the certificate
        Https = "HTTPS",
    }
}
