"""What the sentral says to people. Nothing else in this room but the templates holds text.

Every `Rule` has its words in `refusals`, every code in `words`. Values come along as codes,
moments and names of colleagues; `explain` makes them readable.
"""

from collections.abc import Mapping
from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, override, pgettext_lazy

from varde.apps.records.models import Outcome
from varde.apps.sentral.messages.refusals import TEXT
from varde.apps.sentral.messages.words import (
    ABSENCE,
    ALARM_DEVICE,
    BAND,
    CALLBACK_ANSWERED_AFTER_ALL,
    CALLBACK_CAME_ON_LINE,
    CALLBACK_GIVEN_BACK,
    CALLBACK_HELPED,
    CALLBACK_NUMBER_HIDDEN,
    CALLBACK_RANG_AGAIN,
    CARE,
    CHANNEL,
    CONFLICT_NEED,
    EVENT,
    FIELD,
    FUNCTION,
    HASTEGRAD,
    HELP_KIND,
    HELP_REASON,
    ID_FAULT,
    INTERPRETER,
    LATE_REASON,
    LONE_STEP,
    OPEN_ITEM,
    OUTCOME,
    OUTCOME_STATE,
    OWNER_ROLE,
    POST,
    PROTECTION,
    STANDIN_NOBODY,
    TO_RING_BACK,
    VIKAR_WAY,
    WHY,
)
from varde.domain.attendance import Proposal
from varde.domain.contact import OpenKind
from varde.domain.errors import Rule, RuleBroken


__all__ = [
    "ABSENCE",
    "ALARM_DEVICE",
    "BAND",
    "CALLBACK_ANSWERED_AFTER_ALL",
    "CALLBACK_CAME_ON_LINE",
    "CALLBACK_GIVEN_BACK",
    "CALLBACK_HELPED",
    "CALLBACK_NUMBER_HIDDEN",
    "CALLBACK_RANG_AGAIN",
    "CARE",
    "CHANNEL",
    "CONFLICT_NEED",
    "EVENT",
    "FIELD",
    "FUNCTION",
    "HASTEGRAD",
    "HELP_KIND",
    "HELP_REASON",
    "ID_FAULT",
    "INTERPRETER",
    "LATE_REASON",
    "LONE_STEP",
    "NOBODY",
    "OPEN_ITEM",
    "OUTCOME",
    "OUTCOME_STATE",
    "OWNER_ROLE",
    "POST",
    "PROTECTION",
    "STANDIN_NOBODY",
    "TEXT",
    "TO_RING_BACK",
    "WHY",
    "event_words",
    "explain",
    "in_record",
    "moment",
    "open_item",
    "why_this_time",
]

# What a value is called where a sentence needs its name.
_MOMENTS = frozenset(
    {
        "since",
        "closed_at",
        "acknowledged_at",
        "stood_down_at",
        "looked_until",
        "next_at",
        "starts_at",
        "deleted_at",
        "left_at",
        "not_before",
        "not_after",
        "ended_at",
        "at",
    }
)
_NAMED = {
    "field": FIELD,
    "former": FIELD,
    "sign": FIELD,
    "ground": ABSENCE,
    "post": POST,
    "way": VIKAR_WAY,
}
NOBODY = pgettext_lazy("eier av en kontakt", "ingen")


def explain(error: RuleBroken) -> str:
    """The refusal in words, with its values made readable."""
    return str(TEXT[error.rule]).format(**_readable(error))


def in_record(words: object) -> str:
    """Words that are kept: in bokmål, whatever language the screen has."""
    with override("nb"):
        return str(words)


def moment(at: datetime) -> str:
    """A moment for a sentence: the time today, else the day and the time."""
    local = timezone.localtime(at)
    if local.date() == timezone.localdate():
        return gettext("kl. %(time)s") % {"time": f"{local:%H:%M}"}
    return date_format(local, "j. F H:i")


def event_words(kind: str, data: Mapping[str, object]) -> str:
    """What happened, with the code that says most: a field, a hastegrad, an outcome."""
    words = str(EVENT.get(kind, kind))
    detail = _detail(data)
    return f"{words}: {detail}" if detail else words


def open_item(kind: OpenKind, detail: str) -> str:
    """One open thing in words. The detail names the outcome or the code."""
    words = str(OPEN_ITEM[kind])
    words = words[:1].upper() + words[1:]
    if detail in Outcome.Kind.values:
        return f"{words}: {_inside(OUTCOME[Outcome.Kind(detail)])}"
    return f"{words}: {detail}" if detail else words


def _detail(data: Mapping[str, object]) -> str:
    fields = data.get("fields")
    if isinstance(fields, list):
        return ", ".join(_inside(FIELD.get(name, name)) for name in fields)
    outcome, hastegrad = data.get("outcome"), data.get("hastegrad")
    if outcome in Outcome.Kind.values:
        return _inside(OUTCOME[Outcome.Kind(str(outcome))])
    if hastegrad in HASTEGRAD:
        return _inside(HASTEGRAD[str(hastegrad)])
    code = data.get("code")
    return str(code) if code else ""


def _inside(label: object) -> str:
    """A label inside a sentence: a small first letter, but AMK, KAD and GP stay."""
    words = str(label)
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def why_this_time(proposal: Proposal) -> str:
    """Whether a proposed time is within what the hastegrad allows, and if not why."""
    if proposal.late_reason is not None:
        return str(LATE_REASON[proposal.late_reason])
    if proposal.window_ends_at is None:
        return gettext("Hastegraden har ingen frist.")
    return gettext("Innen fristen %(until)s.") % {
        "until": moment(proposal.window_ends_at)
    }


def _readable(error: RuleBroken) -> dict[str, str]:
    return {
        name: _value(name, value, rule=error.rule)
        for name, value in error.values.items()
    }


def _value(name: str, value: str, *, rule: Rule) -> str:
    if name in _MOMENTS:
        return _moment_of(value)
    if name in {"before", "after", "hastegrad"}:
        return _inside(HASTEGRAD.get(value, value))
    if name in _NAMED:
        return str(_NAMED[name].get(value, value))
    if name == "why":
        words = ID_FAULT if rule is Rule.NATIONAL_ID_NOT_VALID else WHY
        return str(words.get(value, value))
    if name == "items":
        kinds = [OpenKind(kind) for kind in value.split(", ")]
        return ", ".join(str(OPEN_ITEM[kind]) for kind in kinds)
    if name == "parts" and rule is Rule.NOTE_LACKS:
        return ", ".join(_inside(FIELD[part]) for part in value.split(", "))
    if name == "owner":
        return value or str(NOBODY)
    if name in {"begins_on", "ends_on"}:
        return _day_of(value)
    if name == "part":
        return value or gettext("Verdien")
    return value


def _day_of(value: str) -> str:
    """A day in words; an open end as such."""
    return date_format(date.fromisoformat(value)) if value else gettext("videre")


def _moment_of(value: str) -> str:
    try:
        return moment(datetime.fromisoformat(value))
    except ValueError:
        return value
