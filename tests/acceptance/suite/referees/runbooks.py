"""What a runbook tells people to run: bash and shellcheck read the commands, the API server and the operator's webhook the
manifests. With the placeholder still in them nobody may take them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from .. import pins, runbook
from ..faults import Fault, TreeFault
from ..golden import Item, Tree
from ..processes import execute
from ..report import Finding
from .base import Broken, Context, Referee, run
from .cloudnative_pg import CloudNativePg
from .platform import create, prepare

MOMENT = "2026-01-31T14:30:00+00:00"


class Runbooks(Referee):
    name = "runbooks"
    unit = "blocks"
    needs = frozenset({"kube-apiserver", "etcd", "kubectl", "cnpg-webhook", "shellcheck"})

    def version(self, context: Context) -> str:
        return f"shellcheck {pins.SHELLCHECK}"

    def wants(self, tree: Tree) -> bool:
        return bool(runbook.text(tree))

    def judge(self, context: Context, tree: Tree) -> tuple[int, list[Finding]]:
        scripts = runbook.blocks(runbook.text(tree), "bash")
        findings = [
            Finding(tree.name, rule, body.splitlines()[0][:60], text)
            for body in scripts for rule, text in of_script(context, body)
        ]
        restores = runbook.restores(tree)
        for restore in restores:
            for given, items in ((MOMENT, restore.at(MOMENT)), ("latest", restore.latest())):
                findings += [
                    Finding(tree.name, rule, restore.database, f"{given}: {text}")
                    for rule, text in self.of_manifest(context, items)
                ]
            if not list(of_webhook(context, restore.at(runbook.PLACEHOLDER))):
                findings.append(Finding(tree.name, "placeholder", restore.database, "taken for a moment"))
        plain = runbook.plain(tree)
        for section, items in plain.items():
            findings += [Finding(tree.name, rule, section, text) for rule, text in self.of_server(context, items)]
        return len(scripts) + len(restores) + len(plain), findings

    def of_manifest(self, context: Context, items: list[Item]) -> Iterator[tuple[str, str]]:
        yield from self.of_server(context, items)
        yield from of_webhook(context, items)

    def of_server(self, context: Context, items: list[Item]) -> Iterator[tuple[str, str]]:
        server = prepare(context, items, fresh=False)
        for name in sorted({item.namespace for item in items if item.namespace}):
            create(server, {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
        for item in items:
            answer = server.apply(item.data, "specc", dry_run=True)
            if answer.status not in (200, 201):
                yield "refused", f"{item.identity}: {answer.message}"
            yield from (("warning", f"{item.identity}: {warning}") for warning in answer.warnings)

    def probe(self, context: Context, tree: Tree, fault: Fault | TreeFault) -> list[Finding] | None:
        return super().probe(context, tree, fault) if isinstance(fault, TreeFault) else None


def of_script(context: Context, body: str) -> Iterator[tuple[str, str]]:
    parsed = execute(["bash", "-n"], input=body)
    if parsed.returncode or parsed.stderr:
        yield "syntax", parsed.stderr
    result = run([context.tools["shellcheck"], "--shell=bash", "--format=json", "-"], accept=(0, 1), input=body)
    for comment in json.loads(result.stdout):
        yield f"SC{comment['code']}", comment["message"]


def of_webhook(context: Context, items: list[Item]) -> Iterator[tuple[str, str]]:
    folder = context.scratch("runbooks")
    folder.mkdir()
    judged = [item for item in items if CloudNativePg.judges(item)]
    if not judged:
        raise Broken("a restore without a cluster")
    for number, item in enumerate(judged):
        (folder / f"{number}.yaml").write_text(json.dumps(item.data), encoding="utf-8")
    result = run([context.tools["cnpg-webhook"], *(folder / f"{number}.yaml" for number in range(len(judged)))])
    verdicts = [json.loads(line) for line in result.stdout.splitlines()]
    if len(verdicts) != len(judged):
        raise Broken(f"{len(judged)} objects were given, {len(verdicts)} judged: {result.stderr[-500:]}")
    for verdict in verdicts:
        for level in ("errors", "warnings"):
            yield from ((level, text) for text in verdict[level])
