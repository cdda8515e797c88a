"""Every template compiles, also one that no test has opened yet."""

from pathlib import Path

from django.template import TemplateSyntaxError, loader

from tests.unit.repository.our_files import SOURCE, faults, files


TEMPLATES = [f for f in files(".html", ".txt", under=SOURCE) if "templates" in f.parts]


def template_name(file: Path) -> str:
    """The name by which Django finds a template: the path beneath `templates`."""
    parts = file.relative_to(SOURCE).parts
    return "/".join(parts[parts.index("templates") + 1 :])


def test_each_compiles():
    def fault(file):
        try:
            loader.get_template(template_name(file))
        except TemplateSyntaxError as why:
            return str(why)
        return ""

    assert not faults(fault, TEMPLATES)
