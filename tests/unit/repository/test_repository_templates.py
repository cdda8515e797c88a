"""Every template compiles, also one that no test has opened yet."""

from pathlib import Path

import pytest
from django.template import loader

from tests.unit.repository.our_files import SOURCE, files, name


TEMPLATES = [f for f in files(".html", ".txt", under=SOURCE) if "templates" in f.parts]


def template_name(file: Path) -> str:
    """The name by which Django finds a template: the path beneath `templates`."""
    parts = file.relative_to(SOURCE).parts
    return "/".join(parts[parts.index("templates") + 1 :])


@pytest.mark.parametrize("file", TEMPLATES, ids=name)
def test_it_compiles(file):
    loader.get_template(template_name(file))
