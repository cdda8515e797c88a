"""What differs between two versions of an index, for the one who must approve it."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum, auto

from varde.engines.triage.index import (
    Advice,
    Ages,
    Complaint,
    Criterion,
    Index,
    Level,
    Question,
)


class Kind(StrEnum):
    """What happened to a field."""

    ADDED = auto()
    REMOVED = auto()
    CHANGED = auto()
    REORDERED = auto()


class Direction(StrEnum):
    """Which way a hastegrad went."""

    RAISED = auto()
    LOWERED = auto()
    RESCALED = auto()  # the two codes are not on one scale: cannot be compared


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """One field that is not as it was."""

    field: str  # such as "title" or "criteria.feber_over_40.text"
    kind: Kind
    old: str | None  # None where there was nothing
    new: str | None  # None where there is nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class HastegradChange:
    """A criterion or red flag that now gives another hastegrad."""

    complaint_id: str
    criterion_id: str
    text: str  # as it reads now
    old: str
    new: str
    direction: Direction


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintChange:
    """A complaint that is in both versions, and what is not as it was."""

    complaint_id: str
    title: str  # as it reads now
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexChanges:
    """Everything that differs, with what matters most on its own."""

    hastegrad: tuple[HastegradChange, ...]
    red_flags_removed: tuple[tuple[str, Criterion], ...]  # complaint id, red flag
    added: tuple[Complaint, ...]
    removed: tuple[Complaint, ...]
    changed: tuple[ComplaintChange, ...]
    fields: tuple[FieldChange, ...]  # of the index itself: version, scale …

    @property
    def is_empty(self) -> bool:
        """Whether the two versions say the same."""
        return not (self.added or self.removed or self.changed or self.fields)


def compare(old: Index, new: Index) -> IndexChanges:
    """What a legevaktoverlege must look at before `new` takes the place of `old`.

    Complaints are the same if their ids are, and so are criteria, red flags and
    questions within a complaint. A red flag that is now a criterion (or the other way)
    is told of as a change of hastegrad, not as one removed and one added.
    `red_flags_removed` holds those that are gone altogether, also with their complaint.
    """
    before = {complaint.id: complaint for complaint in old.complaints}
    after = {complaint.id: complaint for complaint in new.complaints}
    pairs = [(before[key], after[key]) for key in after if key in before]
    changes = [
        ComplaintChange(complaint_id=b.id, title=b.title, fields=fields)
        for a, b in pairs
        if (fields := tuple(_complaint_fields(a, b)))
    ]
    return IndexChanges(
        hastegrad=tuple(
            change for a, b in pairs for change in _hastegrad_changes(a, b, old, new)
        ),
        red_flags_removed=tuple(_red_flags_removed(old.complaints, after)),
        added=tuple(c for c in new.complaints if c.id not in before),
        removed=tuple(c for c in old.complaints if c.id not in after),
        changed=tuple(changes),
        fields=tuple(_index_fields(old, new)),
    )


def _hastegrad_changes(
    before: Complaint, after: Complaint, old: Index, new: Index
) -> Iterable[HastegradChange]:
    was = {criterion.id: criterion for criterion in before.all_criteria}
    for criterion in after.all_criteria:
        earlier = was.get(criterion.id)
        if earlier is None or earlier.hastegrad == criterion.hastegrad:
            continue
        yield HastegradChange(
            complaint_id=after.id,
            criterion_id=criterion.id,
            text=criterion.text,
            old=earlier.hastegrad,
            new=criterion.hastegrad,
            direction=_direction(earlier.hastegrad, criterion.hastegrad, old, new),
        )


def _direction(before: str, after: str, old: Index, new: Index) -> Direction:
    """Raised or lowered on a scale that has both codes, the new one first."""
    for scale in (new.scale, old.scale):
        ranks = {level.code: level.rank for level in scale}
        if before in ranks and after in ranks:
            is_raised = ranks[after] < ranks[before]
            return Direction.RAISED if is_raised else Direction.LOWERED
    return Direction.RESCALED


def _red_flags_removed(
    before: Iterable[Complaint], after: Mapping[str, Complaint]
) -> Iterable[tuple[str, Criterion]]:
    for complaint in before:
        now = after.get(complaint.id)
        left = {criterion.id for criterion in now.all_criteria} if now else set()
        for flag in complaint.red_flags:
            if flag.id not in left:
                yield complaint.id, flag


def _index_fields(old: Index, new: Index) -> Iterable[FieldChange]:
    for name in ("id", "title", "version", "language", "publisher", "licence"):
        yield from _value(name, getattr(old, name), getattr(new, name))
    for name in ("status", "note", "by", "on"):
        was, now = getattr(old.approval, name), getattr(new.approval, name)
        yield from _value(f"approval.{name}", was, now)
    yield from _items("scale", _levels(old.scale), _levels(new.scale))
    yield from _texts("ask_at_end", old.ask_at_end, new.ask_at_end)
    synonyms = [tuple(" = ".join(group) for group in i.synonyms) for i in (old, new)]
    yield from _texts("synonyms", synonyms[0], synonyms[1])
    order = [[complaint.id for complaint in index.complaints] for index in (old, new)]
    yield from _order("complaints", order[0], order[1])


def _complaint_fields(old: Complaint, new: Complaint) -> Iterable[FieldChange]:
    for name in ("title", "title_nn", "source"):
        yield from _value(name, getattr(old, name), getattr(new, name))
    yield from _value("ages", _years(old.ages), _years(new.ages))
    for name in ("words", "words_nn", "icpc2", "hastegrader", "ask_at_end"):
        yield from _texts(name, getattr(old, name), getattr(new, name))
    yield from _items("red_flags", _criteria(old.red_flags), _criteria(new.red_flags))
    yield from _items("criteria", _criteria(old.criteria), _criteria(new.criteria))
    yield from _items("questions", _questions(old), _questions(new))
    yield from _advice(old.advice, new.advice)


type _Parts = dict[str, dict[str, str | None]]


def _levels(scale: tuple[Level, ...]) -> _Parts:
    return {
        level.code: {
            "title": level.title,
            "title_nn": level.title_nn,
            "rank": str(level.rank),
            "needs_call_again": str(level.needs_call_again),
        }
        for level in scale
    }


def _criteria(criteria: tuple[Criterion, ...]) -> _Parts:
    return {
        c.id: {"text": c.text, "hastegrad": c.hastegrad, "question": c.question}
        for c in criteria
    }


def _questions(complaint: Complaint) -> _Parts:
    return {q.id: _question(q) for q in complaint.questions}


def _question(question: Question) -> dict[str, str | None]:
    return {"text": question.text, "ages": _years(question.ages)}


def _advice(old: tuple[Advice, ...], new: tuple[Advice, ...]) -> Iterable[FieldChange]:
    was = {advice.hastegrad: advice for advice in old}
    now = {advice.hastegrad: advice for advice in new}
    for code in dict.fromkeys([*was, *now]):
        for name in ("do", "call_again_if"):
            before = getattr(was[code], name) if code in was else ()
            after = getattr(now[code], name) if code in now else ()
            yield from _texts(f"advice.{code}.{name}", before, after)


def _items(name: str, old: _Parts, new: _Parts) -> Iterable[FieldChange]:
    """Added, removed and changed parts, by id, and whether the order is another."""
    for key, parts in old.items():
        if key not in new:
            yield _change(f"{name}.{key}", Kind.REMOVED, _summary(parts), None)
    for key, parts in new.items():
        if key not in old:
            yield _change(f"{name}.{key}", Kind.ADDED, None, _summary(parts))
            continue
        for part, value in parts.items():
            yield from _value(f"{name}.{key}.{part}", old[key][part], value)
    yield from _order(name, list(old), list(new))


def _summary(parts: dict[str, str | None]) -> str:
    """What a whole part said: its text, and its hastegrad where it has one."""
    text = parts.get("text") or parts.get("title") or ""
    hastegrad = parts.get("hastegrad")
    return f"{text} [{hastegrad}]" if hastegrad else text


def _texts(
    name: str, old: tuple[str, ...], new: tuple[str, ...]
) -> Iterable[FieldChange]:
    for text in dict.fromkeys(old):
        if text not in new:
            yield _change(name, Kind.REMOVED, text, None)
    for text in dict.fromkeys(new):
        if text not in old:
            yield _change(name, Kind.ADDED, None, text)
    yield from _order(name, list(dict.fromkeys(old)), list(dict.fromkeys(new)))


def _order(name: str, old: list[str], new: list[str]) -> Iterable[FieldChange]:
    """Whether those in both stand in another order."""
    was = [key for key in old if key in new]
    now = [key for key in new if key in old]
    if was != now:
        yield _change(name, Kind.REORDERED, ", ".join(was), ", ".join(now))


def _value(name: str, old: Hashable, new: Hashable) -> Iterable[FieldChange]:
    if old != new:
        yield _change(name, Kind.CHANGED, _text(old), _text(new))


def _text(value: Hashable) -> str | None:
    return None if value is None else str(value)


def _years(ages: Ages) -> str:
    if ages.below_years is None:
        return f"from {ages.from_years}"
    return f"from {ages.from_years}, below {ages.below_years}"


def _change(name: str, kind: Kind, old: str | None, new: str | None) -> FieldChange:
    return FieldChange(field=name, kind=kind, old=old, new=new)
