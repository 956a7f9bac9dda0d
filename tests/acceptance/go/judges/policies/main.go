// Command policies decides, with cyclonus' model of NetworkPolicy, which of the
// given peers may talk to which other on which port.
//
// It reads one JSON question from standard input and prints the allowed
// connections as JSON. Both halves are decided: the egress of the source and
// the ingress of the destination.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/mattfenwick/cyclonus/pkg/matcher"
	core "k8s.io/api/core/v1"
	networking "k8s.io/api/networking/v1"
)

type peer struct {
	Name            string            `json:"name"`
	IP              string            `json:"ip"`
	Namespace       string            `json:"namespace"` // empty: outside the cluster
	NamespaceLabels map[string]string `json:"namespaceLabels"`
	Labels          map[string]string `json:"labels"`
	PortNames       map[string]string `json:"portNames"` // "8080/TCP" to its name
}

type port struct {
	Number   int           `json:"number"`
	Protocol core.Protocol `json:"protocol"`
}

type question struct {
	Policies []*networking.NetworkPolicy `json:"policies"`
	Peers    []peer                      `json:"peers"`
	Ports    []port                      `json:"ports"`
}

type connection struct {
	From     string        `json:"from"`
	To       string        `json:"to"`
	Port     int           `json:"port"`
	Protocol core.Protocol `json:"protocol"`
}

func (p peer) traffic() *matcher.TrafficPeer {
	result := &matcher.TrafficPeer{IP: p.IP}
	if p.Namespace != "" {
		result.Internal = &matcher.InternalPeer{
			PodLabels:       p.Labels,
			NamespaceLabels: p.NamespaceLabels,
			Namespace:       p.Namespace,
		}
	}
	return result
}

func main() {
	var asked question
	if err := json.NewDecoder(os.Stdin).Decode(&asked); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	policy := matcher.BuildNetworkPolicies(false, asked.Policies)
	allowed := []connection{}
	for _, from := range asked.Peers {
		for _, to := range asked.Peers {
			for _, at := range asked.Ports {
				result := policy.IsTrafficAllowed(&matcher.Traffic{
					Source:           from.traffic(),
					Destination:      to.traffic(),
					ResolvedPort:     at.Number,
					ResolvedPortName: to.PortNames[fmt.Sprintf("%d/%s", at.Number, at.Protocol)],
					Protocol:         at.Protocol,
				})
				if result.IsAllowed() {
					allowed = append(allowed, connection{from.Name, to.Name, at.Number, at.Protocol})
				}
			}
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(allowed); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}
