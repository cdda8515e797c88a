"""How the API says no: one form for every refusal (RFC 9457), in words for its reader.

The reader is the person who sets up the sending system, so the words are English: what,
where, what state things are in, what to do. A problem never repeats what was sent: it may
be about a patient.
"""

import json
from collections.abc import Sequence

from django.http import HttpResponse
from ninja import Schema
from ninja.errors import HttpError, ValidationError


CONTENT_TYPE = "application/problem+json"
MOST_SHOWN = 20  # faults in one message


class Fault(Schema):
    """One fault in what was sent. `where` is the way to it, e.g. `3.occurred_at`."""

    where: str
    problem: str


class Problem(Schema):
    """Why nothing was done, and what to do about it."""

    status: int
    code: str
    title: str
    cure: str
    faults: list[Fault] = []


class Refused(Exception):
    """Ends a request with a problem. Nothing was written."""

    def __init__(
        self,
        status: int,
        code: str,
        title: str,
        cure: str,
        *,
        faults: Sequence[Fault] = (),
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        self.problem = Problem(
            status=status, code=code, title=title, cure=cure, faults=[*faults]
        )
        self.headers = headers or {}


def refused_by(fault: HttpError | ValidationError) -> Refused:
    """The refusal of what cannot be read, as the library found it."""
    if isinstance(fault, ValidationError):
        return _not_as_described(fault)
    if fault.status_code == 400:
        return _not_json(fault)
    return Refused(
        fault.status_code,
        "refused",
        str(fault),
        "Read the description at /api/openapi.json.",
    )


def answer(refused: Refused) -> HttpResponse:
    """The refusal as it is sent."""
    return HttpResponse(
        refused.problem.model_dump_json(),
        status=refused.problem.status,
        content_type=CONTENT_TYPE,
        headers=refused.headers,
    )


def described(*statuses: int) -> dict[int, object]:
    """The refusals of an operation, for its description in OpenAPI."""
    return {
        status: {
            "description": _WORDS[status],
            "content": {CONTENT_TYPE: {"schema": _schema()}},
        }
        for status in statuses
    }


def _schema() -> dict[str, object]:
    """A problem's own schema, whole: the library has no place for shared parts of it."""
    schema = Problem.model_json_schema()
    schema["properties"]["faults"]["items"] = schema.pop("$defs")["Fault"]
    return schema


_WORDS = {
    400: "The body is not JSON",
    401: "Not signed, wrongly signed, or signed too long ago",
    404: "No such sentral",
    413: "The body is too large",
    422: "The body is JSON, and not as described",
    429: "Too many messages in a short time",
}


def _not_json(fault: HttpError) -> Refused:
    cause = fault.__cause__
    where = ""
    if isinstance(cause, json.JSONDecodeError):
        where = f" (line {cause.lineno}, column {cause.colno})"
    return Refused(
        400,
        "not_json",
        f"The body is not JSON that we can read{where}.",
        "Send one event, or a list of events, as JSON in UTF-8. Nothing was taken in.",
    )


def _not_as_described(fault: ValidationError) -> Refused:
    found = [
        Fault(where=_way(error["loc"]), problem=error["msg"]) for error in fault.errors
    ]
    more = len(found) - MOST_SHOWN
    count = f"{len(found)} fault(s)" + (
        f", the first {MOST_SHOWN} shown" if more > 0 else ""
    )
    return Refused(
        422,
        "not_as_described",
        f"The body has {count}.",
        "Correct them after /api/openapi.json and send the whole message again. Nothing "
        "was taken in.",
        faults=found[:MOST_SHOWN],
    )


def _way(loc: Sequence[str | int]) -> str:
    """Where in the body, without the library's own words for it."""
    own = {"body", "payload", "one", "many"}
    steps = list(loc)
    while steps and steps[0] in own:
        steps.pop(0)
    return ".".join(str(step)[:40] for step in steps[:6]) or "the body"
