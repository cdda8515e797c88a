"""From the text of an index file to an index that can be trusted."""

from typing import Any

from varde.engines.triage.index import (
    Advice,
    Ages,
    Approval,
    ApprovalStatus,
    Complaint,
    Criterion,
    Index,
    Level,
    Question,
)
from varde.engines.triage.link_check import link_problems
from varde.engines.triage.problems import BadIndex
from varde.engines.triage.reading import read_tree
from varde.engines.triage.schema_check import schema_problems


def load(text: str, *, filename: str) -> Index:
    """The index that a YAML or TOML text holds, checked in every part.

    The name of the file tells its kind (.yaml, .yml, .toml) and stands in the errors;
    nothing is read from disk.

    Raises
    ------
    BadIndex
        If anything is wrong. It tells of every fault at once, each with line, place,
        what is wrong and what to do. There is no half-loaded index.
    """
    tree = read_tree(text, filename=filename)
    problems = [*schema_problems(tree), *link_problems(tree)]
    if problems:
        in_order = sorted(problems, key=lambda problem: problem.line)
        raise BadIndex(filename=filename, problems=in_order)
    return _index(tree.value)


def _index(value: dict[str, Any]) -> Index:
    scale = tuple(_level(rank, level) for rank, level in enumerate(value["scale"]))
    ask_at_end = tuple(value["ask_at_end"])
    return Index(
        id=value["id"],
        title=value["title"],
        version=value["version"],
        language=value["language"],
        publisher=value["publisher"],
        licence=value["licence"],
        approval=_approval(value["approval"]),
        scale=scale,
        ask_at_end=ask_at_end,
        synonyms=tuple(tuple(group) for group in value.get("synonyms", [])),
        complaints=tuple(
            _complaint(complaint, scale=scale, ask_at_end=ask_at_end)
            for complaint in value["complaints"]
        ),
    )


def _level(rank: int, value: dict[str, Any]) -> Level:
    return Level(
        code=value["code"],
        title=value["title"],
        title_nn=value.get("title_nn", value["title"]),
        rank=rank,
        needs_call_again=value.get("needs_call_again", False),
    )


def _approval(value: dict[str, Any]) -> Approval:
    return Approval(
        status=ApprovalStatus(value["status"]),
        note=value["note"],
        by=value.get("by"),
        on=value.get("on"),
    )


def _complaint(
    value: dict[str, Any], *, scale: tuple[Level, ...], ask_at_end: tuple[str, ...]
) -> Complaint:
    ranks = {level.code: level.rank for level in scale}
    own_ask_at_end = tuple(value.get("ask_at_end", []))
    advice = [_advice(code, part) for code, part in value["advice"].items()]
    return Complaint(
        id=value["id"],
        title=value["title"],
        title_nn=value["title_nn"],
        words=tuple(value.get("words", [])),
        words_nn=tuple(value.get("words_nn", [])),
        ages=_ages(value.get("ages", {})),
        icpc2=tuple(value.get("icpc2", [])),
        hastegrader=tuple(sorted(set(value["hastegrader"]), key=ranks.__getitem__)),
        red_flags=tuple(_red_flag(flag, scale[0]) for flag in value["red_flags"]),
        questions=tuple(_question(question) for question in value["questions"]),
        criteria=tuple(_criterion(each, ranks) for each in value["criteria"]),
        advice=tuple(sorted(advice, key=lambda each: ranks[each.hastegrad])),
        ask_at_end=own_ask_at_end + ask_at_end,
        source=value["source"],
    )


def _red_flag(value: dict[str, Any], most_urgent: Level) -> Criterion:
    return Criterion(
        id=value["id"],
        text=value["text"],
        hastegrad=most_urgent.code,
        rank=most_urgent.rank,
        is_red_flag=True,
        question=value.get("question"),
    )


def _criterion(value: dict[str, Any], ranks: dict[str, int]) -> Criterion:
    return Criterion(
        id=value["id"],
        text=value["text"],
        hastegrad=value["hastegrad"],
        rank=ranks[value["hastegrad"]],
        is_red_flag=False,
        question=value.get("question"),
    )


def _question(value: dict[str, Any]) -> Question:
    return Question(
        id=value["id"], text=value["text"], ages=_ages(value.get("ages", {}))
    )


def _advice(code: str, value: dict[str, Any]) -> Advice:
    return Advice(
        hastegrad=code,
        do=tuple(value["do"]),
        call_again_if=tuple(value.get("call_again_if", [])),
    )


def _ages(value: dict[str, Any]) -> Ages:
    return Ages(
        from_years=value.get("from_years", 0), below_years=value.get("below_years")
    )
