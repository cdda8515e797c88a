"""Files have the name of what is in them, and public things say what they are."""

import ast
import re

from tests.unit.repository.our_files import (
    ROOT,
    SOURCE,
    all_files,
    faults,
    files,
    name,
    tree,
)


EMPTY_NAMES = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "manager",
    "base",
    "misc",
}
PUBLIC_LAYERS = ("domain", "engines", "store")
PUBLIC_FILES = ("services", "queries")
DOCUMENTED = [
    file
    for file in files(".py", under=SOURCE)
    if file.relative_to(SOURCE).parts[0] in PUBLIC_LAYERS
    or any(part in PUBLIC_FILES for part in (file.stem, *file.parent.parts))
]


def test_no_file_has_a_name_that_says_nothing():
    assert not [name(f) for f in files(".py", ".js", ".css") if f.stem in EMPTY_NAMES]


def test_file_names_are_ascii_without_spaces():
    odd = [name(f) for f in all_files() if not re.fullmatch(r"[!-~]+", name(f))]
    assert not odd


def silent(file):
    """The public things of a file that do not say what they are."""
    return [
        node.name
        for node in tree(file).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]


def test_public_things_have_a_docstring():
    found = faults(silent, DOCUMENTED)
    assert not found, "say in one sentence what it gives back or does"


def stored_things():
    """The classes of records' models, and the closed lists of domain."""
    kinds = {"Model", "AbstractUser", "Scoped", "TextChoices"}
    for file in files(".py", under=SOURCE / "apps" / "records" / "models"):
        for node in tree(file).body:
            if isinstance(node, ast.ClassDef) and kinds & bases(node):
                yield node.name
    for file in files(".py", under=SOURCE / "domain"):
        for node in tree(file).body:
            if isinstance(node, ast.ClassDef) and {"StrEnum", "IntEnum"} & bases(node):
                yield node.name


def bases(node):
    """The last names of a class's bases: `Model` for `models.Model`."""
    return {getattr(b, "attr", None) or getattr(b, "id", None) for b in node.bases}


def glossary_code():
    """The words of the glossary's second column, `so written`."""
    text = (ROOT / "GLOSSARY.md").read_text("utf-8")
    columns = [row.split("|")[2] for row in text.splitlines() if row.startswith("| ")]
    return {word for column in columns for word in re.findall(r"`([^`]+)`", column)}


def test_the_glossary_has_a_line_for_each_thing_that_is_stored():
    things = set(stored_things())
    assert things
    missing = sorted(things - glossary_code())
    assert not missing, "add its line to GLOSSARY.md, in the code column"


def test_the_glossary_has_four_columns_everywhere():
    text = (ROOT / "GLOSSARY.md").read_text("utf-8")
    rows = [row for row in text.splitlines() if row.startswith("|")]
    assert rows
    assert not [row for row in rows if row.count("|") != 5]


def test_a_term_has_one_line_in_the_glossary():
    text = (ROOT / "GLOSSARY.md").read_text("utf-8")
    terms = [row.split("|")[1].strip() for row in text.splitlines() if row[:2] == "| "]
    terms = [term for term in terms if term not in {"Term", "---"}]
    assert len(terms) == len(set(terms))
