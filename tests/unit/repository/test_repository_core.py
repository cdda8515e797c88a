"""The core knows nothing: neither libraries nor the clock, files or settings."""

import ast
import sys

import pytest

from tests.unit.repository.our_files import SOURCE, faults, files, tree


DOMAIN = files(".py", under=SOURCE / "domain")
ENGINES = files(".py", under=SOURCE / "engines")
READS_THE_CLOCK = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
    ("time", "monotonic"),
    ("time", "perf_counter"),
    ("timezone", "now"),
}
READS_THE_SURROUNDINGS = {("os", "environ"), ("os", "getenv"), ("os", "getcwd")}
SHARED_RANDOMNESS = {
    ("random", draw)
    for draw in ("random", "randint", "choice", "choices", "shuffle", "sample", "seed")
}


def imported(module):
    """The names of all modules that a file imports."""
    found = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return found


def attributes(module):
    """Every `a.b` in a file, as (last name of a, b)."""
    found = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Attribute):
            owner = node.value
            before = getattr(owner, "id", None) or getattr(owner, "attr", None)
            found.add((before, node.attr))
    return found


def called_names(module):
    """Every plain name that a file calls, such as `open`."""
    return {
        node.func.id
        for node in ast.walk(module)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }


def test_domain_imports_the_standard_library_only():
    def strangers(file):
        return {
            module
            for module in imported(tree(file))
            if module.split(".")[0] not in sys.stdlib_module_names
            and not module.startswith("varde.domain")
        }

    assert not faults(strangers, DOMAIN)


def test_domain_opens_no_file():
    def opened(file):
        module = tree(file)
        return (
            {"open", "input", "print"} & called_names(module)
            | {"pathlib"} & imported(module)
        )  # fmt: skip

    assert not faults(opened, DOMAIN)


def test_the_core_reads_neither_clock_nor_surroundings():
    forbidden = READS_THE_CLOCK | READS_THE_SURROUNDINGS | SHARED_RANDOMNESS
    assert not faults(lambda f: attributes(tree(f)) & forbidden, DOMAIN + ENGINES)


@pytest.mark.parametrize(
    ("code", "seen"),
    [
        ("datetime.now(tz=UTC)", ("datetime", "now")),
        ("datetime.datetime.now()", ("datetime", "now")),
        ("date.today()", ("date", "today")),
        ("os.environ['A']", ("os", "environ")),
        ("random.choice([1])", ("random", "choice")),
    ],
)
def test_a_read_of_the_clock_is_seen(code, seen):
    assert seen in attributes(ast.parse(code))


def test_an_import_within_a_function_is_seen():
    assert "numpy" in imported(ast.parse("def f():\n    import numpy\n"))
