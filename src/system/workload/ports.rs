//! The ports of a workload.

use crate::origin::{DEFAULT_PORT, KIND, NAME_PART, Origin, PORT_TLS, SERVICE_PORT, Traced, Tracer, rule};
use crate::spec::decode::Map;
use crate::spec::workload::{self as spec, Transport, WorkloadKind};
use crate::system::platform::port_number;
use crate::system::text_of;
use crate::text::Text;
use crate::value::PortName;

use super::Unset;

/// A port of a workload.
#[derive(Clone, Debug)]
pub struct Port {
    /// its name
    pub name: Traced<Text>,
    /// why there is one
    pub because: Origin,
    /// the port that the program listens on
    pub number: Traced<u16>,
    /// port of the Service
    pub service_port: Traced<u16>,
    /// port of the node
    pub host_port: Option<Traced<u16>>,
    /// transport protocol
    pub transport: Traced<Transport>,
    /// application protocol
    pub app_protocol: Option<Traced<Text>>,
    /// how a Gateway trusts it, if the program encrypts
    pub tls: Option<spec::PortTls>,
    /// whether the Service has it; the port of a worker is for health and metrics only
    pub in_service: bool,
    /// whether it is the workload's `port`
    pub is_main: bool,
    /// whether the scraper reads it
    pub is_scraped: bool,
}

impl Unset<'_> {
    pub(super) fn ports(&self, table: &spec::Workload, kind: &Traced<WorkloadKind>) -> Vec<Port> {
        let mut ports: Vec<Port> = self.main_port(table, kind).into_iter().collect();
        ports.extend(further(&table.ports, self.tracer()));
        ports
    }

    fn main_port(&self, table: &spec::Workload, kind: &Traced<WorkloadKind>) -> Option<Port> {
        let (tracer, written) = (self.tracer(), table.port.as_ref().map(port_number));
        let number = written.or_else(|| match kind.get() {
            WorkloadKind::Http => Some(rule(DEFAULT_PORT, 8000u16)),
            WorkloadKind::Grpc => Some(tracer.constant(DEFAULT_PORT, &[kind.origin()], 50051u16)),
            _ => None,
        })?;
        let (name, protocol) = match kind.get() {
            WorkloadKind::Http => ("http", Some("http")),
            WorkloadKind::Grpc => ("grpc", Some("kubernetes.io/h2c")),
            WorkloadKind::Stateful => ("main", None),
            WorkloadKind::Worker | WorkloadKind::Daemon => ("ops", None),
            WorkloadKind::Cron | WorkloadKind::Job => return None,
        };
        let settings = table.service.as_ref().and_then(|s| s.port.as_ref());
        let usual = || match kind.get() {
            WorkloadKind::Http => tracer.constant(SERVICE_PORT, &[kind.origin()], 80u16),
            _ => tracer.derive(SERVICE_PORT, (&number, kind), |(number, _)| *number),
        };
        let service_port = settings.map_or_else(usual, port_number);
        Some(Port {
            name: tracer.constant(NAME_PART, &[kind.origin()], name),
            because: tracer.because(KIND, &[self.because, kind.origin(), number.origin()]),
            number,
            service_port,
            host_port: None,
            transport: rule(KIND, Transport::Tcp),
            app_protocol: protocol.map(|p| tracer.constant(KIND, &[kind.origin()], p)),
            tls: None,
            in_service: matches!(
                kind.get(),
                WorkloadKind::Http | WorkloadKind::Grpc | WorkloadKind::Stateful
            ),
            is_main: true,
            is_scraped: *kind.get() != WorkloadKind::Stateful,
        })
    }
}

/// The ports of a `ports` table.
pub(super) fn further(ports: &Map<PortName, spec::Port>, tracer: &Tracer) -> Vec<Port> {
    let port = |entry: &crate::spec::decode::Entry<PortName, spec::Port>| {
        let (number, table) = (port_number(&entry.value.port), &entry.value);
        let switches = [table.service.as_ref(), table.scrape.as_ref()];
        let mut why = vec![entry.key.origin()];
        why.extend(switches.into_iter().flatten().map(Traced::origin));
        Port {
            name: text_of(&entry.key),
            because: if why.len() > 1 { tracer.because(KIND, &why) } else { entry.key.origin() },
            service_port: table.service_port.as_ref().map_or_else(|| number, port_number),
            number,
            host_port: table.host_port.as_ref().map(port_number),
            transport: table.protocol.unwrap_or_else(|| rule(KIND, Transport::Tcp)),
            app_protocol: table.app_protocol.clone().or_else(|| {
                let tls = table.tls.as_ref()?;
                Some(tracer.constant(PORT_TLS, &[Origin::spec(tls.at)], "https"))
            }),
            tls: table.tls.clone(),
            in_service: table.service.is_none_or(|s| *s.get()),
            is_main: false,
            is_scraped: table.scrape.is_some_and(|s| *s.get()),
        }
    };
    ports.iter().map(|(_, entry)| port(entry)).collect()
}
