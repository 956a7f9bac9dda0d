"""Trivy's misconfiguration checks, those inside the binary.

Which registries are trusted is a fact of the platform (`trusted_registries`), so
it is handed over as Trivy's own configuration data. An environment that names
none trusts those that it uses.
"""

from __future__ import annotations

import json

from .. import pins
from ..golden import Tree
from ..pods import templates
from ..report import Finding
from .base import Broken, Context, Referee, run


def registries(tree: Tree) -> list[str]:
    """The registries of the images in this tree's pod templates."""
    images = {
        container["image"]
        for _, template in templates(tree.items)
        for field in ("containers", "initContainers")
        for container in template["spec"].get(field) or []
    }
    return sorted({image.partition("/")[0] for image in images if "/" in image})


class Trivy(Referee):
    name = "trivy"
    unit = "files"
    needs = frozenset({"trivy"})

    def version(self, context: Context) -> str:
        return pins.TRIVY

    def judge(self, context: Context, tree: Tree) -> tuple[int, list[Finding]]:
        trusted = context.environment(tree).platform.get("trusted_registries") or registries(tree)
        data = context.scratch("trivy-data", tree.name)
        data.mkdir()
        (data / "trusted.json").write_text(
            json.dumps({"ksv0125": {"trusted_registries": trusted}}), encoding="utf-8",
        )
        result = run([
            context.tools["trivy"], "config", "--skip-check-update", "-q",
            "--misconfig-scanners", "kubernetes", "--cache-dir", context.work / "trivy-cache",
            "--config-data", data, "--include-non-failures", "--format", "json", tree.root,
        ])
        try:
            results = json.loads(result.stdout).get("Results") or []
        except ValueError as error:
            raise Broken(f"trivy: {result.stdout[:300]} {result.stderr[:300]}") from error
        findings = []
        for file in results:
            for found in file.get("Misconfigurations") or []:
                if found["Status"] == "FAIL":
                    findings.append(Finding(
                        tree.name, found["ID"], tree.named(tree.root / file["Target"]), found["Message"],
                    ))
        return len(results), findings
