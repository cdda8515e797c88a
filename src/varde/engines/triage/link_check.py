"""What no schema can say of an index: that ids are one, links hit and ends are reached.

The checks run on the raw values, beside the schema's, so that one round shows every
fault. What has the wrong shape is stepped over here: the schema has told of it.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from varde.engines.triage.file_tree import FileTree, Path, place
from varde.engines.triage.index import Ages
from varde.engines.triage.problems import IndexProblem, IndexRule


# Longer lists are cut here: the schema has refused them, and every check stays quick.
_MOST_LOOKED_AT = 500
_MOST_CODES = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scale:
    codes: tuple[str, ...]  # most urgent first
    needs_call_again: frozenset[str]

    @property
    def most_urgent(self) -> str | None:
        return self.codes[0] if self.codes else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """One value of the file, with the means to tell of a fault in it."""

    tree: FileTree
    path: Path
    value: dict[str, Any]

    def problem(
        self, rule: IndexRule, *steps: str | int, what: str, cure: str, **values: str
    ) -> IndexProblem:
        path = (*self.path, *steps)
        return IndexProblem(
            rule=rule,
            line=self.tree.line_of(path),
            where=place(self.tree.value, self.path),
            what=what,
            cure=cure,
            values=values,
        )

    def each(self, key: str) -> list["_Place"]:
        """The tables in the list under a key."""
        items = self.value.get(key)
        if not isinstance(items, list):
            return []
        return [
            _Place(tree=self.tree, path=(*self.path, key, number), value=item)
            for number, item in enumerate(items[:_MOST_LOOKED_AT])
            if isinstance(item, dict)
        ]

    def text(self, key: str) -> str | None:
        value = self.value.get(key)
        return value if isinstance(value, str) and value.strip() else None

    def texts(self, key: str) -> dict[str, int]:
        """The texts in the list under a key, and the number of each in it."""
        items = self.value.get(key)
        if not isinstance(items, list):
            return {}
        return {
            item: number
            for number, item in enumerate(items[:_MOST_LOOKED_AT])
            if isinstance(item, str)
        }


def link_problems(tree: FileTree) -> list[IndexProblem]:
    """Every fault in how the parts of an index hang together."""
    if not isinstance(tree.value, dict):
        return []
    root = _Place(tree=tree, path=(), value=tree.value)
    levels = root.each("scale")
    scale = _scale_of(levels)
    complaints = root.each("complaints")
    problems = [
        *_said_twice(levels, "code", IndexRule.DUPLICATE_ID),
        *_said_twice(complaints, "id", IndexRule.DUPLICATE_ID),
        *_said_twice(complaints, "title", IndexRule.DUPLICATE_TEXT),
    ]
    for complaint in complaints:
        for check in _CHECKS:
            problems.extend(check(complaint, scale))
    return problems


def _scale_of(levels: list[_Place]) -> _Scale:
    codes = [code for level in levels if (code := level.text("code"))]
    return _Scale(
        codes=tuple(dict.fromkeys(codes)),
        needs_call_again=frozenset(
            str(level.value.get("code"))
            for level in levels
            if level.value.get("needs_call_again") is True
        ),
    )


def _said_twice(
    places: list[_Place], key: str, rule: IndexRule
) -> Iterator[IndexProblem]:
    first: dict[str, _Place] = {}
    for here in places:
        if (text := here.text(key)) is None:
            continue
        same = " ".join(text.casefold().split())
        if same not in first:
            first[same] = here
            continue
        line = first[same].tree.line_of((*first[same].path, key))
        yield here.problem(
            rule,
            key,
            what=f"the {key} {text!r} stands twice, first on line {line}.",
            cure="Change one of them: who chooses must be able to tell them apart.",
            key=key,
            value=text,
            first_line=str(line),
        )


def _names_are_one(complaint: _Place, _: _Scale) -> Iterator[IndexProblem]:
    """Red flags, criteria and questions share one set of ids within a complaint."""
    choices = [*complaint.each("red_flags"), *complaint.each("criteria")]
    questions = complaint.each("questions")
    yield from _said_twice([*choices, *questions], "id", IndexRule.DUPLICATE_ID)
    yield from _said_twice(choices, "text", IndexRule.DUPLICATE_TEXT)
    yield from _said_twice(questions, "text", IndexRule.DUPLICATE_TEXT)


def _hastegrader_are_known(complaint: _Place, scale: _Scale) -> Iterator[IndexProblem]:
    """Every code that is used is in the scale and among those the complaint claims."""
    claimed = complaint.texts("hastegrader")
    if not scale.codes or not claimed:
        return  # the schema has told of it; more would only repeat it
    for code, number in claimed.items():
        if code not in scale.codes:
            yield _unknown_hastegrad(complaint, ("hastegrader", number), code, scale)
    for criterion in complaint.each("criteria"):
        if given := criterion.text("hastegrad"):
            steps: Path = ("hastegrad",)
            yield from _known_and_claimed(criterion, steps, given, claimed, scale)
    for code in _advice(complaint):
        steps = ("advice", code)
        yield from _known_and_claimed(complaint, steps, code, claimed, scale)


def _known_and_claimed(
    here: _Place, steps: Path, code: str, claimed: Collection[str], scale: _Scale
) -> Iterator[IndexProblem]:
    if code not in scale.codes:
        yield _unknown_hastegrad(here, steps, code, scale)
    elif code not in claimed:
        yield here.problem(
            IndexRule.UNCLAIMED_HASTEGRAD,
            *steps,
            what=f"it gives {code!r}, which the complaint does not claim "
            f"({_listed(claimed)}).",
            cure=f"Add {code} to the complaint's hastegrader, or change it here.",
            hastegrad=code,
            claimed=_listed(claimed),
        )


def _unknown_hastegrad(
    here: _Place, steps: Path, code: str, scale: _Scale
) -> IndexProblem:
    known = _listed(scale.codes)
    return here.problem(
        IndexRule.UNKNOWN_HASTEGRAD,
        *steps,
        what=f"{code!r} is not in the scale.",
        cure=f"Write one of: {known}. Or add it to the scale.",
        hastegrad=code,
        known=known,
    )


def _claims_are_reached(complaint: _Place, scale: _Scale) -> Iterator[IndexProblem]:
    reached = {criterion.text("hastegrad") for criterion in complaint.each("criteria")}
    if complaint.each("red_flags"):
        reached.add(scale.most_urgent)
    for code, number in complaint.texts("hastegrader").items():
        if code in scale.codes and code not in reached:
            yield complaint.problem(
                IndexRule.UNREACHED_HASTEGRAD,
                "hastegrader",
                number,
                what=f"the complaint claims {code!r}, but no criterion gives it.",
                cure=f"Add a criterion with hastegrad {code}, or remove the claim.",
                hastegrad=code,
            )


def _red_flags_are_urgent(complaint: _Place, scale: _Scale) -> Iterator[IndexProblem]:
    flags, claimed = complaint.each("red_flags"), complaint.texts("hastegrader")
    if not scale.codes or not claimed:
        return
    for flag in flags:
        code = flag.text("hastegrad")
        if code is not None and code != scale.most_urgent:
            yield flag.problem(
                IndexRule.RED_FLAG_NOT_MOST_URGENT,
                "hastegrad",
                what=f"a red flag gives {code!r}, not {scale.most_urgent!r}.",
                cure=f"Write {scale.most_urgent}, or move it to criteria.",
                hastegrad=code,
                most_urgent=str(scale.most_urgent),
            )
    if flags and scale.most_urgent not in claimed:
        yield complaint.problem(
            IndexRule.UNCLAIMED_HASTEGRAD,
            "hastegrader",
            what=f"it has red flags, but does not claim {scale.most_urgent!r}.",
            cure=f"Add {scale.most_urgent} to the complaint's hastegrader.",
            hastegrad=str(scale.most_urgent),
        )


def _questions_are_asked(complaint: _Place, _: _Scale) -> Iterator[IndexProblem]:
    """No link leads to nothing, and no question waits for an age that never comes."""
    questions = complaint.each("questions")
    known = {question.text("id") for question in questions}
    for choice in [*complaint.each("red_flags"), *complaint.each("criteria")]:
        link = choice.text("question")
        if link is not None and link not in known:
            yield choice.problem(
                IndexRule.UNKNOWN_QUESTION,
                "question",
                what=f"it belongs to the question {link!r}, which is not there: "
                "nobody would be asked.",
                cure="Add the question, correct the name, or remove the link.",
                question=link,
            )
    theirs = _ages(complaint)
    for question in questions:
        ages = _ages(question)
        if ages is None or theirs is None or ages.overlaps(theirs):
            continue
        if _is_empty(ages) or _is_empty(theirs):
            continue  # told of by _ages_are_some
        yield question.problem(
            IndexRule.QUESTION_NEVER_ASKED,
            "ages",
            what="its ages and those of the complaint have none in common: "
            "it would never be asked.",
            cure="Change the ages of one of them, or remove the question.",
        )


def _ages_are_some(complaint: _Place, _: _Scale) -> Iterator[IndexProblem]:
    for here in [complaint, *complaint.each("questions")]:
        ages = _ages(here)
        if ages is not None and _is_empty(ages):
            yield here.problem(
                IndexRule.EMPTY_AGES,
                "ages",
                what=f"no age is from {ages.from_years} and below {ages.below_years}.",
                cure="Let below_years be larger than from_years.",
                from_years=str(ages.from_years),
                below_years=str(ages.below_years),
            )


def _advice_is_whole(complaint: _Place, scale: _Scale) -> Iterator[IndexProblem]:
    """All but the most urgent need advice; those left alone, when to call again."""
    advice = _advice(complaint)
    for code, number in complaint.texts("hastegrader").items():
        if code not in advice:
            if code in scale.codes and code != scale.most_urgent:
                yield complaint.problem(
                    IndexRule.NO_ADVICE,
                    "hastegrader",
                    number,
                    what=f"it can end in {code!r}, but has no advice for that.",
                    cure=f"Add advice > {code} with what to do.",
                    hastegrad=code,
                )
            continue
        if code in scale.needs_call_again and "call_again_if" not in advice[code]:
            yield complaint.problem(
                IndexRule.NO_CALL_AGAIN,
                "advice",
                code,
                what=f"the advice for {code!r} does not say when to call again.",
                cure=f"Add advice > {code} > call_again_if.",
                hastegrad=code,
            )


def _listed(codes: Iterable[str]) -> str:
    """As many codes as a scale may have; a file with more is told of elsewhere."""
    return ", ".join(islice(codes, _MOST_CODES))


def _advice(complaint: _Place) -> dict[str, dict[str, Any]]:
    advice = complaint.value.get("advice")
    if not isinstance(advice, dict):
        return {}
    parts = {code: part for code, part in advice.items() if isinstance(part, dict)}
    return dict(list(parts.items())[:_MOST_LOOKED_AT])


def _ages(here: _Place) -> Ages | None:
    """The ages as written; all ages where nothing is; None where it is not readable."""
    ages = here.value.get("ages", {})
    if not isinstance(ages, dict):
        return None
    low, high = ages.get("from_years", 0), ages.get("below_years")
    if not isinstance(low, int) or not isinstance(high, int | None):
        return None
    return Ages(from_years=low, below_years=high)


def _is_empty(ages: Ages) -> bool:
    return ages.below_years is not None and ages.from_years >= ages.below_years


_CHECKS: tuple[Callable[[_Place, _Scale], Iterator[IndexProblem]], ...] = (
    _names_are_one,
    _hastegrader_are_known,
    _claims_are_reached,
    _red_flags_are_urgent,
    _questions_are_asked,
    _ages_are_some,
    _advice_is_whole,
)
