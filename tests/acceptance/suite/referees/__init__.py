"""One file a referee; this list is their order in the table."""

from .base import Context, Referee
from .api_server import ApiServer
from .api_tables import ApiTables
from .apply_set import ApplySet
from .checkov import Checkov
from .cloudnative_pg import CloudNativePg
from .drills import Drills
from .helm import Helm
from .hosts import Hosts
from .kube_score import KubeScore
from .kubeconform import Kubeconform
from .kustomize import Kustomize
from .links import Links
from .mesh import Mesh
from .network import Cyclonus, NetworkConfigAnalyzer
from .pod_security import PodSecurity
from .postgresql import PostgreSql
from .promtool import Promtool
from .readers import Readers
from .recovery import Recovery
from .runbooks import Runbooks
from .redis import Redis
from .trivy import Trivy

REFEREES: list[Referee] = [
    ApiTables(),
    ApiServer(),
    ApplySet(),
    PodSecurity(),
    CloudNativePg(),
    PostgreSql(),
    Runbooks(),
    Recovery(),
    Drills(),
    Redis(),
    Promtool(),
    Readers(),
    Kustomize(),
    Helm("helm 4", "helm-4"),
    Helm("helm 3", "helm-3"),
    Kubeconform(),
    KubeScore(),
    Checkov(),
    Trivy(),
    Links(),
    Cyclonus(),
    NetworkConfigAnalyzer(),
    Hosts(),
    Mesh(),
]

__all__ = ["REFEREES", "Context", "Referee"]
