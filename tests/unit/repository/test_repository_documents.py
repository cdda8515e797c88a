"""The documents say what they promise, and the commands they name exist."""

import re

import pytest

from tests.unit.repository.our_files import ROOT, name


DECISIONS = sorted((ROOT / "docs" / "decisions").glob("0*.md"))
COMMANDS = {
    "demo",
    "test",
    "test-fast",
    "check",
    "fix",
    "bench",
    "docs",
    "setup",
    "lock",
    "clean",
}


def read(path):
    return (ROOT / path).read_text("utf-8")


def make_targets():
    """The commands that `make` alone lists, each with its line."""
    return dict(re.findall(r"^([a-z-]+):.*## (.+)$", read("Makefile"), re.MULTILINE))


@pytest.mark.parametrize("file", DECISIONS, ids=name)
def test_a_decision_says_context_decision_and_consequences(file):
    text = file.read_text("utf-8")
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert headings == ["Context", "Decision", "Consequences"]
    assert text.startswith(f"# {file.stem[:4]} ")
    assert re.search(r"^Decided \d{1,2} [A-Z][a-z]+ \d{4}\.$", text, re.MULTILINE)


@pytest.mark.parametrize("file", DECISIONS, ids=name)
def test_a_decision_is_a_page_at_the_most(file):
    assert len(file.read_text("utf-8").split()) <= 400


def test_decisions_are_numbered_without_gaps_and_all_listed():
    numbers = [int(file.name[:4]) for file in DECISIONS]
    assert numbers == list(range(1, len(DECISIONS) + 1))
    index = read("docs/decisions/index.md")
    assert not [file.name for file in DECISIONS if f"({file.name})" not in index]


def test_make_lists_every_command_with_a_line():
    assert set(make_targets()) >= COMMANDS


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md"])
def test_the_make_commands_in_a_document_exist(document):
    text = read(document)
    quoted = re.findall(r"`([^`]+)`", text) + re.findall(
        r"```(.*?)```", text, re.DOTALL
    )
    named = {m for part in quoted for m in re.findall(r"\bmake ([a-z][a-z-]+)", part)}
    assert named
    assert named <= set(make_targets())


def test_the_pipeline_runs_the_commands_of_a_person():
    assert "make check test" in read(".ci/run")


def test_the_promises_about_patient_data_are_there():
    assert "## Promises about patient data" in read("CONTRIBUTING.md")


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_links_to_our_own_files_lead_somewhere(document):
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", read(document))
    assert not [link for link in links if not (ROOT / link).exists()]


def test_the_licence_is_the_one_that_the_package_names():
    assert read("LICENSE").startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")
    assert 'license = "EUPL-1.2"' in read("pyproject.toml")
    assert '"license": "EUPL-1.2"' in read("package.json")


def test_the_readme_is_one_screen():
    assert len(read("README.md").splitlines()) <= 45
