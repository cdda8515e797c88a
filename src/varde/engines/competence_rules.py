"""The rules of competence: a file, read and checked. One without a source does not load."""

from collections.abc import Iterator, Mapping
from datetime import date

import yaml

from varde.domain.competence.person import Days, Role
from varde.domain.competence.rules import (
    Bar,
    CompetenceRule,
    Demand,
    Group,
    HasCount,
    HasDocument,
    HasMonths,
    Kind,
    Question,
    Rulebook,
)
from varde.domain.errors import BadInput


def load(text: str, *, filename: str) -> Rulebook:
    """Read a file of rules (YAML).

    Raises `BadInput` for a file that is not well-formed, a rule or a demand without code,
    words or source, one that tests nothing or two things, a code that nothing may be
    documented by, and two rules for one question on one day.
    """
    try:
        tree = yaml.safe_load(text)
    except yaml.YAMLError as fault:
        raise BadInput(
            file=filename,
            problem="is not well-formed YAML",
            cure="Mend the file and load it again.",
        ) from fault
    rows = tree.get("rules") if isinstance(tree, dict) else None
    if not isinstance(rows, list) or not rows:
        raise _fault(filename, "rules", "is missing or empty")
    try:
        book = Rulebook(
            version=_text(tree, "version"),
            is_approved=tree.get("is_approved") is True,
            rules=tuple(_rule(row, filename=filename) for row in rows),
            documents=_kinds(tree, "documents"),
            services=_kinds(tree, "services"),
            counts=_kinds(tree, "counts"),
        )
    except (ValueError, TypeError) as fault:
        raise _fault(filename, "the file", f"is not whole ({fault})") from fault
    _refuse_unknown(book, filename=filename)
    _refuse_double(book, filename=filename)
    return book


def _rule(row: object, *, filename: str) -> CompetenceRule:
    if not isinstance(row, dict):
        raise _fault(
            filename, "rules", "has a rule that is no list of names and values"
        )
    where = f"rule {row.get('code', '?')!r}"
    try:
        return CompetenceRule(
            code=_text(row, "code"),
            words=_text(row, "words"),
            role=Role(_text(row, "role")),
            question=Question(_text(row, "question")),
            source=_text(row, "source"),
            is_verified=row.get("verified", True) is True,
            valid=_valid(row) or Days(first=date.min),
            demands=_group(row),
            bars=tuple(_bar(one) for one in row.get("bars", ())),
        )
    except (ValueError, TypeError) as fault:
        raise _fault(filename, where, f"is not whole ({fault})") from fault


def _group(row: dict[str, object]) -> Group:
    named = [name for name in ("all", "any") if name in row]
    parts = row.get(named[0]) if len(named) == 1 else None
    if not isinstance(parts, list) or not parts:
        raise ValueError("a group has either all or any, with parts")
    return Group(parts=tuple(_part(one) for one in parts), needs_all=named == ["all"])


def _part(row: object) -> Demand | Group:
    if not isinstance(row, dict):
        raise ValueError("a part is not a list of names and values")
    choice = str(row.get("choice", ""))
    if "demand" not in row:
        found = _group(row)
        return Group(
            parts=found.parts,
            needs_all=found.needs_all,
            valid=_valid(row),
            choice=choice,
        )
    demand = _demand(row)
    if not choice:
        return demand
    return Group(parts=(demand,), needs_all=True, valid=demand.valid, choice=choice)


def _demand(row: dict[str, object]) -> Demand:
    return Demand(
        code=_text(row, "demand"),
        words=_text(row, "words"),
        source=_text(row, "source"),
        is_verified=row.get("verified", True) is True,
        test=_test(row),
        valid=_valid(row),
        effort_days=_number(row, "effort_days", 1),
        may_be_dispensed=row.get("may_be_dispensed") is True,
        is_advice=row.get("is_advice") is True,
        only_lis1=row.get("only_lis1") is True,
        grace_months=_number(row, "grace_months", 0),
    )


def _test(row: dict[str, object]) -> HasDocument | HasMonths | HasCount:
    named = [name for name in ("document", "months", "count") if name in row]
    if named == ["document"]:
        lasts = row.get("lasts_months")
        return HasDocument(
            kinds=_codes(row, "document"),
            taken=_days(row, "taken_from", "taken_to"),
            lasts_months=None if lasts is None else _number(row, "lasts_months", 0),
        )
    if named == ["months"]:
        return HasMonths(
            of=_codes(row, "of"),
            months=_number(row, "months", 0),
            after=_codes(row, "after") if "after" in row else frozenset(),
        )
    if named == ["count"]:
        return HasCount(
            of=_codes(row, "of"),
            count=_number(row, "count", 0),
            local=str(row.get("local", "")),
        )
    raise ValueError("a demand has one of document, months and count")


def _bar(row: dict[str, object]) -> Bar:
    return Bar(
        code=_text(row, "bar"),
        words=_text(row, "words"),
        source=_text(row, "source"),
        lifted_by=_codes(row, "lifted_by"),
        effort_days=_number(row, "effort_days", 1),
        is_verified=row.get("verified", True) is True,
    )


def _kinds(tree: dict[str, object], name: str) -> dict[str, Kind]:
    rows = tree.get(name)
    if not isinstance(rows, list):
        raise ValueError(f"no list {name!r}")
    found = [
        Kind(
            code=_text(row, "code"),
            words=_text(row, "words"),
            roles=frozenset(Role(code) for code in _codes(row, "for")),
        )
        for row in rows
    ]
    return {kind.code: kind for kind in found}


def _valid(row: dict[str, object]) -> Days | None:
    return _days(row, "valid_from", "valid_to")


def _days(row: dict[str, object], first: str, last: str) -> Days | None:
    if first not in row and last not in row:
        return None
    return Days(
        first=_day(row, first) if first in row else date.min,
        last=_day(row, last) if last in row else None,
    )


def _day(row: dict[str, object], name: str) -> date:
    found = row[name]
    if not isinstance(found, date):
        raise ValueError(f"{name!r} is not a date")
    return found


def _codes(row: dict[str, object], name: str) -> frozenset[str]:
    found = row.get(name)
    if not isinstance(found, list) or not found:
        raise ValueError(f"no list of codes for {name!r}")
    return frozenset(str(code) for code in found)


def _number(row: dict[str, object], name: str, default: int) -> int:
    found = row.get(name, default)
    if not isinstance(found, int) or isinstance(found, bool) or found < 0:
        raise ValueError(f"{name!r} is not a whole number from 0")
    return found


def _text(row: dict[str, object], name: str) -> str:
    found = row.get(name)
    if not isinstance(found, str) or not found.strip():
        raise ValueError(f"no text for {name!r}")
    return found.strip()


def _refuse_unknown(book: Rulebook, *, filename: str) -> None:
    for rule in book.rules:
        for demand in rule.every_demand():
            for table, codes in _named(book, demand):
                unknown = sorted(codes - set(table))
                if unknown:
                    raise _fault(
                        filename,
                        f"rule {rule.code!r}, demand {demand.code!r}",
                        f"names {', '.join(unknown)}, which is not listed",
                    )
        for bar in rule.bars:
            unknown = sorted(bar.lifted_by - set(book.documents))
            if unknown:
                raise _fault(
                    filename,
                    f"rule {rule.code!r}, bar {bar.code!r}",
                    f"names {', '.join(unknown)}, which is not listed",
                )


def _named(
    book: Rulebook, demand: Demand
) -> Iterator[tuple[Mapping[str, Kind], frozenset[str]]]:
    test = demand.test
    if isinstance(test, HasDocument):
        yield book.documents, test.kinds
    elif isinstance(test, HasMonths):
        yield book.services, test.of
        yield book.documents, test.after
    else:
        yield book.counts, test.of


def _refuse_double(book: Rulebook, *, filename: str) -> None:
    for place, one in enumerate(book.rules):
        for other in book.rules[place + 1 :]:
            is_same = (one.role, one.question) == (other.role, other.question)
            if is_same and _overlap(one.valid, other.valid):
                raise _fault(
                    filename,
                    f"rule {other.code!r}",
                    f"holds on the same days as {one.code!r}",
                )


def _overlap(one: Days, other: Days) -> bool:
    return one.has(other.first) or other.has(one.first)


def _fault(filename: str, where: str, problem: str) -> BadInput:
    return BadInput(
        file=filename,
        column=where,
        problem=problem,
        cure="Mend the file and load it again.",
    )
