"""The tests taken beside the patient: a file, read and checked. One without a source
does not load."""

from decimal import Decimal, InvalidOperation

from varde.domain.point_of_care import Choice, PointOfCare, ResultKind, ResultPart
from varde.engines import content_file
from varde.engines.content_file import Part


def load(text: str, *, filename: str) -> tuple[PointOfCare, ...]:
    """Read a file of tests (YAML), in its order.

    Raises `BadInput` for a file that is not well-formed, a test without code, words, source
    or parts, a part that is not whole, and a code that stands twice.
    """
    file = content_file.read(text, filename=filename)
    tests = tuple(_test(row) for row in file.rows("tests"))
    file.at("tests").each_once(test.code for test in tests)
    return tests


def _test(row: Part) -> PointOfCare:
    row = row.at(f"test {row.under('code', otherwise='?')!r}")
    parts = row.rows("parts")
    try:
        return PointOfCare(
            code=row.text("code"),
            words=row.text("words"),
            source=row.text("source"),
            parts=tuple(_part(part) for part in parts),
        )
    except (ValueError, InvalidOperation) as fault:
        raise row.fault(f"is not whole ({fault})") from fault


def _part(row: Part) -> ResultPart:
    return ResultPart(
        code=row.text("code"),
        words=row.text("words"),
        kind=ResultKind(row.text("kind")),
        unit=str(row.under("unit", otherwise="")),
        # As text in the file: 0.3 as a number would not be 0.3.
        low=Decimal(str(row.under("low", otherwise="0"))),
        high=Decimal(str(row.under("high", otherwise="0"))),
        decimals=int(str(row.under("decimals", otherwise="0"))),
        choices=tuple(
            Choice(code=one.text("code"), words=one.text("words"))
            for one in (row.rows("choices") if row.under("choices") else ())
        ),
    )
