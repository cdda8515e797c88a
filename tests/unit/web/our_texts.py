"""The texts that the program asks to have translated, found without gettext's tools.

The same as `tools/messages.sh` finds: calls in Python, and tags and `_("…")` in templates,
which Django turns into calls.
"""

import ast
import re
from collections.abc import Iterator

from django.utils.translation.template import templatize

from tests.unit.repository.our_files import SOURCE, files


# Which arguments hold the context, the text and the plural.
PLAIN, PLURAL = (None, 0), (None, 0, 1)
CONTEXT, CONTEXT_PLURAL = (0, 1), (0, 1, 2)
CALLS = {
    f"{name}{lazy}": places
    for name, places in [
        ("_", PLAIN),
        ("gettext", PLAIN),
        ("gettext_noop", PLAIN),
        ("ngettext", PLURAL),
        ("pgettext", CONTEXT),
        ("npgettext", CONTEXT_PLURAL),
    ]
    for lazy in ("", "_lazy")
}
_STRING = r"'(?:[^'\\]|\\.)*'" + "|" + r'"(?:[^"\\]|\\.)*"'
_CALL = re.compile(rf"\b(?:_|n?p?gettext)\((?:{_STRING}|[^()'\"])*\)", re.DOTALL)

type Text = tuple[str, str, str]  # context, text, plural; "" for none


def in_python(source: str) -> Iterator[Text]:
    """The texts of the translating calls whose arguments are plain strings."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and (places := CALLS.get(_name(node.func))):
            yield _text(node.args, *places)


def in_template(source: str) -> Iterator[Text]:
    """The texts of the translating tags and of `_("…")`."""
    for call in _CALL.findall(templatize(source)):
        yield from in_python(call)


def in_program() -> dict[Text, str]:
    """Every text, and a file that has it."""
    found: dict[Text, str] = {}
    for file in files(".py", ".html", ".txt", under=SOURCE):
        source = file.read_text("utf-8")
        if file.suffix == ".py":
            texts = in_python(source) if "gettext" in source else ()
        else:
            texts = in_template(source)
        found |= dict.fromkeys(texts, str(file.relative_to(SOURCE)))
    return found


def _name(called: ast.expr) -> str:
    return called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")


def _text(
    args: list[ast.expr], context: int | None, text: int, plural: int | None = None
) -> Text:
    def at(place: int | None) -> str:
        return "" if place is None else ast.literal_eval(args[place])

    return at(context), at(text), at(plural)
