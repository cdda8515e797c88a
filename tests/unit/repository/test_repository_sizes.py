"""What has grown so large that it should be looked at again."""

import ast

import pytest

from tests.unit.repository.our_files import SOURCE, files, name, tree


LONGEST_FUNCTION = 60  # lines, docstring not counted
LONGEST_MODULE = 400  # lines
LONGEST_TEMPLATE = 200  # lines
# A longer one that reads better stays: name, and why.
LONGER_MODULES: dict[str, str] = {
    "src/varde/apps/sentral/messages/words.py": "one list of words, looked up by code",
    "src/varde/apps/sentral/setting_list.py": "one list of settings, in one order",
    "src/varde/apps/records/demo/history.py": "one list of columns for each table",
    "src/varde/apps/sentral/services/callbacks.py": "every way on and off one list",
    "src/varde/apps/sentral/messages/refusals.py": "one list of refusals, looked up by rule",
    "src/varde/apps/records/protection.py": "one list of what the database enforces",
    "src/varde/config/backup.py": "what is written and what is read back, side by side",
}
LONGER_FUNCTIONS: dict[str, str] = {
    "src/varde/apps/records/demo/building.py:build": "one transaction, step by step",
}
PYTHON = [f for f in files(".py", under=SOURCE) if "migrations" not in f.parts]


def function_lines(node):
    """Lines of a function from `def` to its end, without the docstring."""
    lines = node.end_lineno - node.lineno + 1
    if ast.get_docstring(node, clean=False) is not None:
        docstring = node.body[0]
        lines -= docstring.end_lineno - docstring.lineno + 1
    return lines


@pytest.mark.parametrize("file", PYTHON, ids=name)
def test_no_function_is_too_long(file):
    functions = [
        node
        for node in ast.walk(tree(file))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    too_long = {
        f.name: function_lines(f)
        for f in functions
        if function_lines(f) > LONGEST_FUNCTION
        and f"{name(file)}:{f.name}" not in LONGER_FUNCTIONS
    }
    assert not too_long, f"over {LONGEST_FUNCTION} lines; split into steps: {too_long}"


@pytest.mark.parametrize("file", PYTHON, ids=name)
def test_no_module_is_too_long(file):
    lines = len(file.read_text("utf-8").splitlines())
    if name(file) in LONGER_MODULES:
        assert lines > LONGEST_MODULE, "no longer too long: take it off the list"
        return
    assert lines <= LONGEST_MODULE, "make a folder of it, with one file for each noun"


@pytest.mark.parametrize("file", files(".html", under=SOURCE), ids=name)
def test_no_template_is_too_long(file):
    lines = len(file.read_text("utf-8").splitlines())
    assert lines <= LONGEST_TEMPLATE, "move a part into a template of its own"


def test_a_docstring_is_not_counted():
    (function,) = ast.parse(
        'def f():\n    """One.\n\n    Two.\n    """\n    return 1\n'
    ).body
    assert function_lines(function) == 2
