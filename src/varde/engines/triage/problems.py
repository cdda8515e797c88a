"""What can be wrong with an index file, in words that tell what to do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum, auto

from varde.domain.errors import VardeError


class IndexRule(StrEnum):
    """The rules of an index file. The web layer may word them in Norwegian."""

    FILE_KIND = auto()
    TOO_LARGE = auto()
    TOO_DEEP = auto()
    TOO_MANY_ALIASES = auto()
    UNKNOWN_ALIAS = auto()
    TAG_REFUSED = auto()
    ONE_DOCUMENT = auto()
    NOT_READABLE = auto()
    DUPLICATE_KEY = auto()
    MISSING_KEY = auto()
    UNKNOWN_KEY = auto()
    WRONG_KIND = auto()
    EMPTY_TEXT = auto()
    TOO_LONG = auto()
    TOO_FEW = auto()
    TOO_MANY = auto()
    NOT_ALLOWED = auto()
    DUPLICATE_ID = auto()
    DUPLICATE_TEXT = auto()
    UNKNOWN_HASTEGRAD = auto()
    UNREACHED_HASTEGRAD = auto()
    UNCLAIMED_HASTEGRAD = auto()
    RED_FLAG_NOT_MOST_URGENT = auto()
    UNKNOWN_QUESTION = auto()
    QUESTION_NEVER_ASKED = auto()
    NO_ADVICE = auto()
    NO_CALL_AGAIN = auto()
    EMPTY_AGES = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexProblem:
    """One fault in an index file: where it is, what it is, and the way out."""

    rule: IndexRule
    line: int  # 1 is the first; the nearest known line where the exact one is not
    where: str  # the place in the file's own terms, such as "complaints[2] (feber)"
    what: str
    cure: str
    values: Mapping[str, str] = field(default_factory=dict)


class BadIndex(VardeError):
    """An index file cannot be loaded. `problems` holds every fault that was found."""

    def __init__(self, *, filename: str, problems: Sequence[IndexProblem]) -> None:
        self.filename = filename
        self.problems = tuple(problems)
        count = len(self.problems)
        head = f"{filename}: {count} fault{'' if count == 1 else 's'}."
        lines = [
            f"  {filename}:{problem.line}: {problem.where}: {problem.what}\n"
            f"    {problem.cure}"
            for problem in self.problems
        ]
        end = f"Nothing was loaded. Correct the file and load {filename} again."
        super().__init__("\n".join([head, *lines, end]))
