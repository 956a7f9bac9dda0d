//! The ports of a workload.

use crate::origin::{DEFAULT_PORT, KIND, NAME_PART, Origin, SERVICE_PORT, Traced, rule};
use crate::spec::workload::{self as spec, Transport, WorkloadKind};
use crate::system::platform::port_number;
use crate::system::text_of;
use crate::text::Text;

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
    /// transport protocol
    pub transport: Traced<Transport>,
    /// application protocol
    pub app_protocol: Option<Traced<Text>>,
    /// whether the Service has it; the port of a worker is for health and metrics only
    pub in_service: bool,
}

impl Unset<'_> {
    pub(super) fn ports(&self, table: &spec::Workload, kind: &Traced<WorkloadKind>) -> Vec<Port> {
        let tracer = self.tracer();
        let main = |name: &'static str, number: Traced<u16>, in_service: bool| Port {
            name: tracer.constant(NAME_PART, &[kind.origin()], name),
            because: tracer.because(KIND, &[self.because, kind.origin(), number.origin()]),
            number,
            service_port: tracer.constant(SERVICE_PORT, &[kind.origin()], 80u16),
            transport: rule(KIND, Transport::Tcp),
            app_protocol: in_service.then(|| tracer.constant(KIND, &[kind.origin()], "http")),
            in_service,
        };
        let written = table.port.as_ref().map(port_number);
        let mut ports = Vec::new();
        match (kind.get(), written) {
            (WorkloadKind::Http, written) => {
                let number = written.unwrap_or_else(|| rule(DEFAULT_PORT, 8000u16));
                ports.push(main("http", number, true));
            }
            (WorkloadKind::Worker, Some(number)) => ports.push(main("ops", number, false)),
            _ => {}
        }
        ports.extend(table.ports.iter().map(|(_, entry)| {
            let number = port_number(&entry.value.port);
            Port {
                name: text_of(&entry.key),
                because: entry.key.origin(),
                service_port: entry.value.service_port.as_ref().map_or_else(|| number, port_number),
                number,
                transport: entry.value.protocol.unwrap_or_else(|| rule(KIND, Transport::Tcp)),
                app_protocol: entry.value.app_protocol.clone(),
                in_service: true,
            }
        }));
        ports
    }
}
