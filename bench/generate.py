"""Writes the system that the benchmark builds, as a specc project of any size.

Each of N services has one HTTP workload with a route, a metrics port, six variables, two files, a secret and an edge to
another service. Each of three environments says for every service its size, its host, its image and the variables that
differ there. So N services make about nine objects each, and a few for their namespace, in every environment.
"""

import hashlib
from pathlib import Path

ENVIRONMENTS = ("dev", "staging", "prod")

# how large a workload is, by environment: fewest pods, milli-CPU, MiB
SIZES = {"dev": (1, 60, 64), "staging": (2, 110, 128), "prod": (4, 260, 256)}


def project(folder: Path, services: int) -> None:
    """Writes the project; `folder` must not exist."""
    folder.mkdir(parents=True)
    listed = ", ".join(f'"{environment}"' for environment in ENVIRONMENTS)
    write(folder / "specc.toml", f'spec = 1\n\n[project]\nname = "market"\nenvironments = [{listed}]\n')
    for number in range(services):
        write(folder / "services" / f"{name(number)}.toml", service(number, services))
    for environment in ENVIRONMENTS:
        write(folder / environment / "environment.toml", facts(environment))
        write(folder / environment / "images.lock", images(environment, services))
        for number in range(services):
            write(folder / environment / f"{name(number)}.toml", overlay(environment, number))


def write(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)


def name(number: int) -> str:
    return f"item-{number:04d}"


def facts(environment: str) -> str:
    return (
        f'tier = "{environment}"\n\n[platform]\nkubernetes = "1.36"\n'
        'gateway = "edge/public"\nsecret_store = "store"\n'
    )


def images(environment: str, services: int) -> str:
    lines = ["[images]"]
    for number in range(services):
        tag = f"2.{number % 30}.{ENVIRONMENTS.index(environment)}"
        digest = hashlib.sha256(f"{number} {tag}".encode()).hexdigest()
        lines.append(f'"registry.example.org/market/{name(number)}" = {{ tag = "{tag}", digest = "sha256:{digest}" }}')
    return "\n".join(lines) + "\n"


def service(number: int, services: int) -> str:
    called = number * 7 % services
    uses = '"secrets.store"' + ("" if called == number else f', "services.{name(called)}.api"')
    limits = "".join(f"limit.{step} = {number * step % 89}\n" for step in range(8))
    return f'''spec = 1

[service]
name = "{name(number)}"
owner = "team-{number % 9}"
image = "registry.example.org/market/{name(number)}"

[secrets.store]
keys = ["phrase"]

[workloads.api]
port = {8000 + number % 900}
uses = [{uses}]
health = {{ live = "/alive", ready = "/welcome", startup = "90s" }}
route = {{ host = "{name(number)}.example.org" }}
ports.metrics = {{ port = 9090 }}

[workloads.api.env]
LOG_LEVEL = "info"
STOCK_HOST = "stock-{number % 12}.internal"
PRICE_HOST = "price-{number % 6}.internal"
TRACES_TO = "http://traces:4317"
WORKERS = 4
BATCH = {20 + number % 60}

[workloads.api.files."/etc/market/limits.properties"]
text = """
{limits}"""

[workloads.api.files."/etc/market/switches.env"]
text = """
FORMAT=json
NEW_BASKET={"on" if number % 2 else "off"}
KEEP_SECONDS={40 + number % 70}
CONNECTIONS={100 + number % 300}
REGION=north
SEARCH=http://{name(called)}:8080
"""
'''


def overlay(environment: str, number: int) -> str:
    pods, cpu, memory = SIZES[environment]
    pods += number % 3
    level = {"dev": 'LOG_LEVEL = "debug"\n', "staging": "", "prod": 'LOG_LEVEL = "warn"\n'}[environment]
    return f'''[workloads.api]
cpu = "{cpu + number % 40}m"
memory = "{memory}Mi"
scale = {{ min = {pods}, max = {pods * 4} }}
route = {{ host = "{name(number)}.{environment}.example.org" }}

[workloads.api.env]
{level}STOCK_HOST = "stock-{number % 12}.{environment}.internal"
TRACES_TO = "http://traces.{environment}:4317"
'''
