//! Ingress (networking.k8s.io/v1), for platforms that have no Gateway.

use super::meta::NameOf;
use super::model::{closed, object};
use crate::origin::Traced;
use crate::text::Text;
use crate::walk::Items;

object! {
    /// `IngressSpec`.
    pub struct IngressSpec {
        ingress_class_name: Traced<Text>,
        tls: Items<IngressTls>,
        rules: Items<HostRule>,
    }

    /// `IngressTLS`.
    pub struct IngressTls {
        hosts: Vec<Traced<Text>>,
        secret_name: Traced<NameOf>,
    }

    /// `IngressRule`.
    pub struct HostRule {
        host: Traced<Text>,
        http: IngressHttp,
    }

    /// `HTTPIngressRuleValue`.
    pub struct IngressHttp {
        paths: Items<IngressPath>,
    }

    /// `HTTPIngressPath`.
    pub struct IngressPath {
        path: Traced<Text>,
        path_type: Traced<IngressPathType>,
        backend: IngressBackend,
    }

    /// `IngressBackend`.
    pub struct IngressBackend {
        service: IngressService,
    }

    /// `IngressServiceBackend`.
    pub struct IngressService {
        name: Traced<NameOf>,
        port: IngressPort,
    }

    /// `ServiceBackendPort`.
    pub struct IngressPort {
        number: Traced<u16>,
    }
}

closed! {
    /// `pathType`.
    pub enum IngressPathType {
        /// the whole path
        Exact,
        /// a prefix, by path elements
        Prefix,
    }
}
