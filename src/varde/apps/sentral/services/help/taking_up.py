"""What waits at the other sentral is put on our own lists, when it is ours to help with."""

from datetime import datetime

from varde.apps.records import audit
from varde.apps.records.live import Topic, announce
from varde.apps.records.models import (
    CallBack,
    HelpItem,
    HelpTakeover,
    Partner,
    Sentral,
    User,
)
from varde.apps.sentral import messages
from varde.apps.sentral.services.help import agreements
from varde.apps.sentral.services.help.told import MOST_OPEN, Row, rows_of
from varde.domain import help as rules
from varde.engines.help import sealing


LEFT_OUT = "left_out"  # in the report while the help is on


def take_up(takeover: HelpTakeover, *, let_go: list[str] | None, at: datetime) -> int:
    """Put what was told and let go of on our own lists, once. Returns how many.

    Here the sealed copy is opened; that is written in the log. A row that cannot be read,
    and those beyond the most that one partner may have on our list, are left out: the log
    and the page say how many.
    """
    partner = takeover.partner
    rows, left_out = _opened(takeover, at=at)
    told = {row.key: row for row in rows}
    keys = rules.to_take_up(told, let_go=let_go, known=known_keys(takeover))
    room = max(0, MOST_OPEN - _on_our_list(partner))
    for key in keys[:room]:
        _put_on_list(takeover, told[rules.plain_key(key)], key=key, at=at)
    if keys[:room]:
        log("help_copy_opened", takeover, by=None, at=at, items=len(keys[:room]))
        tell(partner.sentral)
    _leave_out(takeover, left_out + len(keys[room:]), at=at)
    return len(keys[:room])


def _on_our_list(partner: Partner) -> int:
    return CallBack.objects.filter(
        sentral=partner.sentral, origin=partner.code, state=CallBack.State.OPEN
    ).count()


def _leave_out(takeover: HelpTakeover, count: int, *, at: datetime) -> None:
    """Say how many of the other's are not on our list, when that has changed."""
    if takeover.report.get(LEFT_OUT, 0) == count:
        return
    takeover.report = {LEFT_OUT: count}
    takeover.save(update_fields=["report"])
    log("help_rows_left_out", takeover, by=None, at=at, items=count)
    tell(takeover.partner.sentral)


def known_keys(takeover: HelpTakeover) -> dict[str, bool]:
    """The names that were used in this take-over, and whether each came back undone."""
    rows = takeover.items.values_list("key", "state", "result")
    return {
        key: state != HelpItem.State.OPEN and result == rules.Result.OPEN
        for key, state, result in rows
    }


def tell(sentral: Sentral) -> None:
    """Let the open screens draw the banner and the lists again."""
    announce(Topic.QUEUE, Topic.CALLBACKS, Topic.AMK, sentral_id=sentral.pk)


def _opened(takeover: HelpTakeover, *, at: datetime) -> tuple[list[Row], int]:
    """The other's queue, and how many rows of it cannot be read.

    Nothing where it was sealed with a secret that we had before. Then the new calls are
    taken all the same, and the page says that the copy is closed.
    """
    partner = takeover.partner
    if not partner.copy:
        return [], 0
    is_closed, opened = False, []
    try:
        opened = sealing.unseal(
            partner.copy,
            secret=agreements.secret_of(partner),
            about=f"queue {partner.code}",
        )
    except sealing.SealBroken:
        is_closed = True
    if takeover.is_copy_closed is not is_closed:
        takeover.is_copy_closed = is_closed
        takeover.save(update_fields=["is_copy_closed"])
        if is_closed:
            log("help_copy_closed", takeover, by=None, at=at)
    return rows_of(opened)


def _put_on_list(takeover: HelpTakeover, row: Row, *, key: str, at: datetime) -> None:
    partner = takeover.partner
    district_id = partner.sentral.host_district_id
    callback = CallBack.objects.create(
        district_id=district_id,
        sentral=partner.sentral,
        kind=CallBack.Kind.MISSED,
        number=row.number,
        hastegrad=row.hastegrad,
        about=messages.in_record(messages.HELP_KIND[row.kind]),
        created_at=row.since,
        due_at=row.due_at,
        origin=partner.code,
    )
    HelpItem.objects.create(
        takeover=takeover,
        district_id=district_id,
        key=key,
        callback=callback,
        seen_at=at,
        since=row.since,
    )


def log(
    what: str,
    takeover: HelpTakeover,
    *,
    by: User | None,
    at: datetime,
    **data: int | str,
) -> None:
    """Write in the log what happened with a take-over."""
    audit.log(
        what=what,
        by=by,
        at=at,
        district_id=takeover.partner.sentral.host_district_id,
        table="records_helptakeover",
        row_id=takeover.pk,
        data={"is_drill": takeover.is_drill} | data,
    )
