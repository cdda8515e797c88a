"""The tests taken beside the patient: a file, read and checked. One without a source
does not load."""

from decimal import Decimal, InvalidOperation

import yaml

from varde.domain.errors import BadInput
from varde.domain.point_of_care import Choice, PointOfCare, ResultKind, ResultPart


def load(text: str, *, filename: str) -> tuple[PointOfCare, ...]:
    """Read a file of tests (YAML), in its order.

    Raises `BadInput` for a file that is not well-formed, a test without code, words, source
    or parts, a part that is not whole, and a code that stands twice.
    """
    try:
        tree = yaml.safe_load(text)
    except yaml.YAMLError as fault:
        raise BadInput(
            file=filename,
            problem="is not well-formed YAML",
            cure="Mend the file and load it again.",
        ) from fault
    rows = tree.get("tests") if isinstance(tree, dict) else None
    if not isinstance(rows, list) or not rows:
        raise _fault(filename, "tests", "is missing or empty")
    tests = tuple(_test(row, filename=filename) for row in rows)
    codes = [test.code for test in tests]
    twice = sorted({code for code in codes if codes.count(code) > 1})
    if twice:
        raise _fault(filename, "tests", f"has {', '.join(twice)} more than once")
    return tests


def _test(row: object, *, filename: str) -> PointOfCare:
    where = f"test {row.get('code', '?')!r}" if isinstance(row, dict) else "tests"
    parts = row.get("parts") if isinstance(row, dict) else None
    if not isinstance(row, dict) or not isinstance(parts, list):
        raise _fault(filename, where, "has no parts")
    try:
        return PointOfCare(
            code=_text(row, "code"),
            words=_text(row, "words"),
            source=_text(row, "source"),
            parts=tuple(_part(part) for part in parts),
        )
    except (ValueError, InvalidOperation) as fault:
        raise _fault(filename, where, f"is not whole ({fault})") from fault


def _part(row: object) -> ResultPart:
    if not isinstance(row, dict):
        raise ValueError("a part is not a list of names and values")
    return ResultPart(
        code=_text(row, "code"),
        words=_text(row, "words"),
        kind=ResultKind(_text(row, "kind")),
        unit=str(row.get("unit", "")),
        # As text in the file: 0.3 as a number would not be 0.3.
        low=Decimal(str(row.get("low", "0"))),
        high=Decimal(str(row.get("high", "0"))),
        decimals=int(row.get("decimals", 0)),
        choices=tuple(
            Choice(code=_text(one, "code"), words=_text(one, "words"))
            for one in row.get("choices", ())
        ),
    )


def _text(row: dict[str, object], name: str) -> str:
    found = row.get(name)
    # YAML reads an unquoted yes as true and 1 as a number: a code must be a text.
    if not isinstance(found, str) or not found.strip():
        raise ValueError(f"no text for {name!r}")
    return found.strip()


def _fault(filename: str, where: str, problem: str) -> BadInput:
    return BadInput(
        file=filename,
        column=where,
        problem=problem,
        cure="Mend the file and load it again.",
    )
