//! Flows that the platform adds: operators, the gateway, load balancers, the Kubernetes API.

use super::{Rules, platform_peer, policy_ports, tcp};
use crate::k8s::{IpBlock, Peer, PolicyPort, Protocol};
use crate::origin::{NET_API, NET_GATEWAY, NET_OPERATOR, NET_OUTSIDE, NET_SCALER, Origin, Traced, rule};
use crate::spec::workload::{ExternalTraffic, ScaleQueue};
use crate::system::{Port, Service, Workload};
use crate::walk::Items;

impl Rules<'_> {
    /// CloudNativePG's operator watches and configures its instances.
    pub(in crate::lower) fn operator(&mut self) {
        let operator = &self.cx.platform().cnpg;
        let origin = self.cx.tracer.because(NET_OPERATOR, &[operator.because]);
        let mut ports = Items::default();
        for port in [5432, 8000] {
            let port_of =
                PolicyPort { protocol: rule(NET_OPERATOR, Protocol::Tcp), port: rule(NET_OPERATOR, port) };
            ports.push(format!("{port}/TCP"), origin, port_of);
        }
        self.from("operator", origin, Items::one("cnpg", origin, platform_peer(operator)), ports);
    }

    /// KEDA asks how much work waits, where a workload scales by it.
    pub(in crate::lower) fn scaler(
        &mut self,
        service: &Service,
        is_asked: impl Fn(&ScaleQueue) -> bool,
        port: Traced<u16>,
    ) {
        let keda = &self.cx.platform().keda;
        let mut inputs: Vec<Origin> = service.workloads.iter().map(|w| w.replicas.origin()).collect();
        // and which of several things they ask
        let asked = service.workloads.iter().filter_map(Workload::scales_by);
        let names = asked.flat_map(|queue| [&queue.database, &queue.cache, &queue.queue]);
        inputs.extend(names.flatten().map(Traced::origin));
        inputs.push(keda.because);
        let origin = self.cx.tracer.because(NET_SCALER, &inputs);
        if !service.workloads.iter().any(|w| w.scales_by().is_some_and(&is_asked)) {
            return self.ingress.leave_out("scaler", origin);
        }
        self.let_in_peer("scaler".into(), origin, ("keda", keda), &tcp(port, NET_SCALER));
    }

    /// The Gateway or the ingress controller reaches the ports that routes lead to, and no other.
    pub(super) fn gateway(&mut self, workload: &Workload) {
        let Some(gateway) = &self.cx.platform().gateway_peer else { return };
        let (mut why, mut ports) = (vec![gateway.because], Items::<PolicyPort>::default());
        for route in &workload.routes {
            let Some(port) = route.port(workload) else { continue };
            let origin = self.cx.tracer.because(NET_GATEWAY, &[port.because, route.port_because()]);
            why.extend([route.because, origin]);
            let key = format!("{}/TCP", port.number.get());
            if !ports.iter().any(|known| known.key.as_str() == key) {
                let inputs = [port.number.origin(), origin];
                let number =
                    Traced::because(*port.number.get(), self.cx.tracer.because(NET_GATEWAY, &inputs));
                let protocol = rule(NET_GATEWAY, Protocol::Tcp);
                ports.push(key, number.origin(), PolicyPort { protocol, port: number.cast() });
            }
        }
        if !ports.is_empty() {
            let origin = self.cx.tracer.because(NET_GATEWAY, &why);
            self.let_in_peer("gateway".into(), origin, ("gateway", gateway), &ports);
        }
    }

    /// Callers from outside of the cluster, who come through a load balancer or a port of the nodes.
    pub(super) fn outside(&mut self, workload: &Workload) {
        for (name, settings) in workload.outside() {
            let switches = [
                settings.kind.map(|kind| kind.origin()),
                settings.external_traffic.map(|traffic| traffic.origin()),
                settings.source_ranges.at.map(Origin::spec),
                settings.ports.at.map(Origin::spec),
            ];
            let mut why = vec![Origin::spec(settings.at)];
            why.extend(switches.into_iter().flatten());
            let because = self.cx.tracer.because(NET_OUTSIDE, &why);
            let sees_callers = settings.external_traffic.is_some_and(|t| *t.get() == ExternalTraffic::Local);
            let mut peers = Items::default();
            // else the node's address takes the place of the caller's, and only the load balancer can tell callers apart:
            // no peer at all is everybody
            for range in settings.source_ranges.iter().filter(|_| sees_callers).map(crate::lower::amount) {
                let block = IpBlock { cidr: range.clone(), except: Vec::new() };
                let peer = Peer { namespace_selector: None, pod_selector: None, ip_block: Some(block) };
                peers.push(range.get().clone(), range.origin(), peer);
            }
            let wanted = |port: &&Port| {
                let only = &settings.ports;
                only.is_empty() || only.iter().any(|name| crate::lower::amount(name).get() == port.name.get())
            };
            let ports = policy_ports(self.cx, workload.service_ports().filter(wanted));
            self.from(format!("outside-{name}"), because, peers, ports);
        }
    }

    /// The Kubernetes API, at the addresses that the platform declares.
    pub(in crate::lower) fn api_server(&mut self) {
        let platform = self.cx.platform();
        let Some(api) = &platform.api_server else {
            return self.egress.leave_out("api-server", self.cx.tracer.because(NET_API, &[platform.origin]));
        };
        let mut peers = Items::default();
        for cidr in &api.cidrs {
            let block = IpBlock { cidr: crate::lower::amount(cidr), except: Vec::new() };
            peers.push(
                cidr.get().to_string(),
                cidr.origin(),
                Peer { namespace_selector: None, pod_selector: None, ip_block: Some(block) },
            );
        }
        let origin = self.cx.tracer.because(NET_API, &[Origin::spec(api.at)]);
        self.to("api-server", origin, peers, tcp(api.port, NET_API));
    }
}
