"""What has grown so large that it should be looked at again."""

import ast

from tests.unit.repository.our_files import SOURCE, faults, files, name, tree


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
    "src/varde/domain/errors.py": "one list of refusals, each with its values",
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


def lines_of(file):
    return len(file.read_text("utf-8").splitlines())


def long_functions(file):
    """The functions of a file that are too long, with their lines."""
    return {
        node.name: function_lines(node)
        for node in ast.walk(tree(file))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and function_lines(node) > LONGEST_FUNCTION
        and f"{name(file)}:{node.name}" not in LONGER_FUNCTIONS
    }


def test_no_function_is_too_long():
    found = faults(long_functions, PYTHON)
    assert not found, f"over {LONGEST_FUNCTION} lines; split into steps"


def test_no_module_is_too_long():
    def too_long(file):
        return name(file) not in LONGER_MODULES and lines_of(file) > LONGEST_MODULE

    found = faults(too_long, PYTHON)
    assert not found, "make a folder of it, with one file for each noun"


def test_what_stands_among_the_longer_modules_is_longer():
    longer = [file for file in PYTHON if name(file) in LONGER_MODULES]
    found = faults(lambda file: lines_of(file) <= LONGEST_MODULE, longer)
    assert not found, "no longer too long: take it off the list"


def test_no_template_is_too_long():
    def too_long(file):
        return lines_of(file) > LONGEST_TEMPLATE

    found = faults(too_long, files(".html", under=SOURCE))
    assert not found, "move a part into a template of its own"


def test_a_docstring_is_not_counted():
    (function,) = ast.parse(
        'def f():\n    """One.\n\n    Two.\n    """\n    return 1\n'
    ).body
    assert function_lines(function) == 2
