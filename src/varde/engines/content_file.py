"""A content file (YAML), each value checked as it is taken out.

What every reader of such a file has in common. A reader knows its own names. What is wrong
is a `BadInput` that names the file and the part of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import yaml

from varde.domain.errors import BadInput


_CURE = "Mend the file and load it again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of a file, or the whole of it. `where`: its name in what is said of a fault.

    >>> file = read("lists: [{id: a, name: Bag}]", filename="f.yaml")
    >>> [(one.text("id"), one.number("every_days")) for one in file.rows("lists")]
    [('a', 1)]
    """

    filename: str
    where: str
    value: object

    def at(self, where: str) -> "Part":
        """The same part by a name that says more."""
        return replace(self, where=where)

    def under(self, name: str, *, otherwise: object = None) -> object:
        """What stands under a name, unchecked; `otherwise` where it is not there."""
        if not isinstance(self.value, dict):
            return otherwise
        return self.value.get(name, otherwise)

    def text(self, name: str) -> str:
        """The text under a name, without space around it. None, or a blank, is a fault.

        YAML reads an unquoted yes as true and 1 as a number: neither is a text.
        """
        found = self.under(name)
        if not isinstance(found, str) or not found.strip():
            raise self.fault(f"has no text for {name!r}")
        return found.strip()

    def number(self, name: str) -> int:
        """The whole number above 0 under a name; 1 where the name is not there."""
        found = self.under(name, otherwise=1)
        # True is a number to Python, and no number of things to anybody else.
        if not isinstance(found, int) or isinstance(found, bool) or found < 1:
            raise self.fault(f"has no whole number above 0 for {name!r}")
        return found

    def rows(self, name: str) -> tuple["Part", ...]:
        """The parts of the list under a name. No list, or an empty one, is a fault."""
        found = self.under(name)
        if not isinstance(found, list) or not found:
            raise self.fault(f"has no {name}")
        return tuple(replace(self, value=row) for row in found)

    def lists(self, name: str) -> dict[str, tuple["Part", ...]]:
        """The lists under a name, each by its own name. None, or an empty one, is a fault.

        A name that YAML reads as a number is given as text.
        """
        found = self.under(name)
        if not isinstance(found, dict) or not found:
            raise self.fault(f"has no {name}")
        return {
            str(key): replace(self, value={str(key): rows}).rows(str(key))
            for key, rows in found.items()
        }

    def each_once(self, names: Iterable[str]) -> None:
        """A name that stands more than once is a fault."""
        given = list(names)
        twice = sorted({name for name in given if given.count(name) > 1})
        if twice:
            raise self.fault(f"has {', '.join(twice)} more than once")

    def fault(self, problem: str) -> BadInput:
        """What is wrong with this part, to be raised."""
        return BadInput(
            file=self.filename, column=self.where, problem=problem, cure=_CURE
        )


def read(text: str, *, filename: str) -> Part:
    """The whole file. Raises `BadInput` for one that is not well-formed."""
    try:
        value = yaml.safe_load(text)
    except yaml.YAMLError as cause:
        raise BadInput(
            file=filename, problem="is not well-formed YAML", cure=_CURE
        ) from cause
    return Part(filename=filename, where="file", value=value)
