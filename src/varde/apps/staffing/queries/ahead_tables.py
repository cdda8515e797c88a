"""What the years ahead say, in a sentence and a table."""

from typing import Any

from django.utils.translation import gettext as _

from varde.apps.sentral.queries.number_tables import percent, table
from varde.apps.staffing.ahead_form import Asked
from varde.apps.staffing.messages.numbers import every, number
from varde.apps.staffing.queries.ahead import Ahead
from varde.domain.load.rotation import Turn


def turn_text(turn: Turn) -> str:
    """How often, in words; that nobody is left where nobody is."""
    if turn.duty_h is None:
        return _("ingen igjen")
    return _("%(weekday)s hverdag og %(weekend)s helg") % {
        "weekday": every(turn.nth_weekday),
        "weekend": every(turn.nth_weekend),
    }


def answer(found: Ahead, asked: Asked, *, doctors: int) -> str:
    """The question of Vefsn: what it becomes for those who are left, if all who have the
    age are exempt and nobody new comes."""
    last = found.ages[-1]
    words = {
        "years": asked.years,
        "may_ask": last.may_ask,
        "doctors": doctors,
        "retired": last.retired,
        "left": number(last.left),
        "then": turn_text(asked.shape.turn(last.left + asked.relief)),
        "now": turn_text(asked.shape.turn(found.now + asked.relief)),
    }
    return (
        _(
            "Om %(years)s år kan %(may_ask)s av %(doctors)s leger være fritatt på grunn av "
            "alder og %(retired)s være pensjonert: får alle fritak og ingen nye kommer, blir "
            "det vakt %(then)s på de %(left)s som er igjen, mot %(now)s i dag."
        )
        % words
    )


def likely(found: Ahead, asked: Asked) -> str:
    """The simulated end, with its interval."""
    last = found.years[-1]
    turns = [
        turn_text(asked.shape.turn(people + asked.relief))
        for people in (last.middle, last.low, last.high)
    ]
    return _(
        "Med avgang og rekruttering som antatt er %(middle)s i vakt om %(years)s år (åtte "
        "av ti forløp: %(low)s til %(high)s): %(turn)s. Færrest: %(worst)s. Flest: %(best)s."
    ) % {
        "middle": last.middle,
        "years": asked.years,
        "low": last.low,
        "high": last.high,
        "turn": turns[0],
        "worst": turns[1],
        "best": turns[2],
    }


def year_table(found: Ahead, asked: Asked, *, year: int) -> dict[str, Any]:
    """A row for each year: who is left, how often, and how many hours."""
    heads = [
        _("År"),
        _("I vakt"),
        _("Åtte av ti forløp"),
        _("Hverdag"),
        _("Helg"),
        _("Vakt, timer i uka"),
        _("Alt arbeid, timer i uka"),
        _("Fritatt om alle får"),
        _("Pensjonert"),
        _("Ingen igjen"),
    ]
    rows, raw = [], []
    for end, ages in zip(found.years, found.ages, strict=True):
        turn = _turn(end.middle, asked)
        worst, best = _turn(end.low, asked), _turn(end.high, asked)
        whole = _whole(turn, asked)
        rows.append(
            (
                year + end.years,
                end.middle,
                _("%(low)s–%(high)s") % {"low": end.low, "high": end.high},
                every(turn.nth_weekday),
                every(turn.nth_weekend),
                f"{number(turn.duty_h)} ({number(best.duty_h)}–{number(worst.duty_h)})",
                number(whole),
                ages.may_ask,
                ages.retired,
                percent(end.nobody),
            )
        )
        raw.append(
            (
                year + end.years,
                end.middle,
                f"{end.low}-{end.high}",
                turn.nth_weekday,
                turn.nth_weekend,
                turn.duty_h,
                whole,
                ages.may_ask,
                ages.retired,
                end.nobody,
            )
        )
    return table("framover", _("År for år"), heads, rows, raw)


def _turn(people: int, asked: Asked) -> Turn:
    return asked.shape.turn(people + asked.relief)


def _whole(turn: Turn, asked: Asked) -> float | None:
    if turn.duty_h is None or asked.other_h is None:
        return None
    return turn.duty_h + asked.other_h
