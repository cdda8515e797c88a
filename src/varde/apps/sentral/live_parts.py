"""The parts of the sentral's screens that are kept fresh, and what each is about."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string

from varde.apps.records.live import Topic
from varde.apps.records.models import Role, Sentral
from varde.apps.sentral.access import AT_THE_DESK
from varde.apps.sentral.queries import approvals, board, parts, reference
from varde.web.live import Draw, PartScope, register_part


MINUTE_S = 60.0
Context = Callable[..., dict[str, Any]]


def register() -> None:
    """Make the parts known. Those that the clock alone changes are drawn each minute.

    Those with callers' numbers are for the people who work with patients, as the desk is.
    """
    register_part(
        "queue", [Topic.QUEUE], drawing("queue", parts.queue), roles=AT_THE_DESK
    )
    register_part(
        "callbacks",
        [Topic.CALLBACKS, Topic.CONTACTS],  # who has one in hand
        drawing("callbacks", parts.callbacks),
        roles=AT_THE_DESK,
        every_s=MINUTE_S,
    )
    register_part(
        "alarms",
        [Topic.AMK, Topic.MISSIONS],
        drawing("alarms", parts.alarms),
        every_s=5.0,
    )
    register_part("now", [Topic.QUEUE], drawing("now", parts.today), every_s=MINUTE_S)
    register_part(
        "numbers",
        [Topic.QUEUE, Topic.NUMBERS],
        drawing("numbers_today", parts.numbers_now),
        every_s=MINUTE_S,
    )
    _register_doctor()
    _register_board()


def _register_doctor() -> None:
    register_part(
        "questions",
        [Topic.QUESTIONS],
        drawing("questions", _questions),
        roles=[Role.DOCTOR],
    )
    register_part(
        "approvals",
        [Topic.APPROVALS],
        drawing("approvals", _approvals),
        roles=[Role.DOCTOR],
    )


def _register_board() -> None:
    register_part(
        "board_waits",
        [Topic.QUEUE, Topic.CALLBACKS, Topic.CONTACTS],
        drawing("board_waits", board.waits),
        roles=AT_THE_DESK,
        every_s=MINUTE_S,
    )
    register_part(
        "board_work",
        [Topic.QUEUE, Topic.CONTACTS],
        drawing("board_work", board.work),
        roles=AT_THE_DESK,
        every_s=MINUTE_S,
    )
    register_part(
        "board_tasks",
        [Topic.CONTACTS],
        drawing("board_tasks", board.undone_tasks),
        roles=AT_THE_DESK,
        every_s=MINUTE_S,
    )
    register_part(
        "board_duty",
        [Topic.DUTY],
        drawing("board_duty", board.at_work),
        roles=AT_THE_DESK,
        every_s=MINUTE_S,
    )
    register_part(
        "board_figures",
        [Topic.QUEUE],
        drawing("board_figures", board.figures),
        roles=AT_THE_DESK,
        every_s=MINUTE_S,
    )


def _questions(sentral: Sentral, *, now: datetime) -> dict[str, Any]:
    return {"questions": approvals.questions(sentral)}


def _approvals(sentral: Sentral, *, now: datetime) -> dict[str, Any]:
    return {
        "approvals": approvals.approvals(sentral),
        "waiting": approvals.waiting_count(sentral),
    }


def drawing(template: str, context: Context) -> Draw:
    """A function that draws one template of `sentral/parts/` for a scope.

    What only some of those with the same scope may press follows their roles, which are a
    part of the scope.
    """

    def draw(scope: PartScope) -> str:
        sentral = reference.sentral(scope.sentral_id)
        if sentral is None:
            raise LookupError(f"sentral {scope.sentral_id} is not there any more")
        now: datetime | None = scope.at
        return render_to_string(
            f"sentral/parts/{template}.html",
            {
                "sentral": sentral,
                # The station's pages show their own conflicts, with who can help.
                "station": scope.station_id,
                "may_decide": Role.SHIFT_LEADER in scope.roles,
                **context(sentral, now=now),
            },
        )

    return draw
