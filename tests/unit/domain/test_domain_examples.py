"""Every example in a docstring of the domain is run, and the domain imports nothing."""

import ast
import doctest
import importlib
import pkgutil
import sys
from pathlib import Path

import pytest

import varde.domain


MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(varde.domain.__path__, "varde.domain.")
    if not module.ispkg
)


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_the_docstrings_are_true(name):
    result = doctest.testmod(importlib.import_module(name))
    assert result.attempted > 0
    assert result.failed == 0


@pytest.mark.parametrize("name", MODULES)
def test_the_domain_imports_the_standard_library_and_itself_alone(name):
    source = Path(importlib.import_module(name).__file__).read_text(encoding="utf-8")
    imported = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            imported.update(alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            imported.add(node.module)
    outside = {
        module
        for module in imported
        if module.split(".")[0] not in sys.stdlib_module_names
        and not module.startswith("varde.domain.")
    }
    assert imported
    assert outside == set()


@pytest.mark.parametrize("name", MODULES)
def test_the_domain_reads_no_clock(name):
    source = Path(importlib.import_module(name).__file__).read_text(encoding="utf-8")
    called = {
        ast.unparse(node.func)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
    }
    clocks = ("now", "today", "utcnow", "time.time", "monotonic", "perf_counter")
    assert not [name for name in called if name.endswith(clocks)]
