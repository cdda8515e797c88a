"""The figures and tables of the load: what each is, and from what."""

from statistics import median
from typing import Any

from django.utils.translation import gettext as _

from varde.apps.sentral.messages import POST
from varde.apps.sentral.queries.number_tables import table
from varde.apps.staffing.messages.numbers import every, number
from varde.apps.staffing.queries.load import Load, PersonLoad
from varde.domain.load.weeks import WeekLoad


def at_least(value: float, *, is_whole: bool) -> str:
    """Hours; with a sign where they are the least they can be."""
    return (
        number(value) if is_whole else _("minst %(hours)s") % {"hours": number(value)}
    )


def at_most(value: float | None, *, is_whole: bool) -> str:
    """Hours of rest; with a sign where unknown work may make them fewer."""
    if value is None or is_whole:
        return number(value)
    return _("høyst %(hours)s") % {"hours": number(value)}


def figures(found: Load, *, sees_all: bool) -> list[dict[str, str]]:
    """The main figures, each with its definition. Empty of nobody."""
    if not found.people:
        return []
    hard = _hard(found) if sees_all else _own(found)
    return [hard, _weeks_over(found), _turn(found), _rest(found)]


def tables(found: Load, *, sees_all: bool) -> list[dict[str, Any]]:
    """Every table of the page, with the same rows as CSV.

    The classes are of a post's duties over all, so they are for those who see all.
    """
    own = [_people(found), _weeks(found), _turns(found)]
    return [*own, _classes(found)] if sees_all else own


def verdict(one: PersonLoad, found: Load) -> str:
    """How a person's mean week stands against the limits, in words."""
    low, high = found.rules.limits_h
    if one.mean_h > high:
        return _("over %(limit)s") % {"limit": number(high)}
    if one.mean_h > low:
        return _("over %(limit)s") % {"limit": number(low)}
    if not one.is_whole:
        return _("ikke kjent")
    return _("under %(limit)s") % {"limit": number(low)}


def _is_whole(found: Load) -> bool:
    return all(one.is_whole for one in found.people)


def _figure(title: str, value: str, of: str, definition: str) -> dict[str, str]:
    return {
        "title": title,
        "value": value,
        "unit": "",
        "before": "",
        "of": of,
        "definition": definition,
        "source": _("Fra vaktplanen, kontortida og det som ble målt på vakt."),
    }


def _hard(found: Load) -> dict[str, str]:
    low, high = found.rules.limits_h
    over = sum(one.mean_h > high for one in found.people)
    shown = at_least(over, is_whole=_is_whole(found))
    unknown = sum(not one.is_whole for one in found.people)
    return _figure(
        _("Over %(limit)s timer i uka i snitt") % {"limit": number(high)},
        shown,
        _("av %(people)s. %(unknown)s har ukjent kontortid.")
        % {"people": len(found.people), "unknown": unknown},
        _(
            "Praksis, kommunalt arbeid og vakt til sammen, hver time én gang. Er "
            "kontortida ukjent, er timene de minste de kan være. Snittet er over ukene "
            "personen har stilling eller vakt. Nedre grense: %(low)s."
        )
        % {"low": number(low)},
    )


def _own(found: Load) -> dict[str, str]:
    (one,) = found.people
    return _figure(
        _("Timer i uka, snitt"),
        at_least(one.mean_h, is_whole=one.is_whole),
        verdict(one, found)
        if one.is_whole
        else _("Kontortida er ikke skrevet inn, så summen er ikke kjent."),
        _("Praksis, kommunalt arbeid og vakt til sammen, hver time én gang."),
    )


def _weeks_over(found: Load) -> dict[str, str]:
    high = found.rules.limits_h[1]
    whole = sum(len(one.weeks) for one in found.people)
    return _figure(
        _("Uker over %(limit)s timer") % {"limit": number(high)},
        at_least(sum(one.over_high for one in found.people), is_whole=_is_whole(found)),
        _("av %(whole)s personuker.") % {"whole": whole},
        _("En uke går fra mandag til mandag og har sin virkelige lengde."),
    )


def _turn(found: Load) -> dict[str, str]:
    weekdays = [one.nth_weekday for one in found.people if one.nth_weekday]
    weekends = [one.nth_weekend for one in found.people if one.nth_weekend]
    return _figure(
        _("Vakt, median"),
        _("%(weekday)s hverdag")
        % {"weekday": every(median(weekdays) if weekdays else None)},
        _("%(weekend)s helg, for dem som har vakt.")
        % {"weekend": every(median(weekends) if weekends else None)},
        _(
            "Hverdager (eller helger) i perioden delt på dem personen har vakt. Dagen "
            "vakta begynner, teller. Helligdager mandag–fredag og dager uten stilling er "
            "ikke med."
        ),
    )


def _rest(found: Load) -> dict[str, str]:
    limit = number(found.rules.rest_h)
    return _figure(
        _("Under %(hours)s timer hvile etter vakt") % {"hours": limit},
        at_least(
            sum(one.short_rests for one in found.people), is_whole=_is_whole(found)
        ),
        _("av %(duties)s vakter.")
        % {"duties": sum(one.duties for one in found.people)},
        _(
            "Fra vakta slutter til neste kjente arbeid. Er kontortida ukjent, kan hvilen "
            "være kortere enn tallet. For legers legevakt er det et varsel, ikke et brudd."
        ),
    )


def _people(found: Load) -> dict[str, Any]:
    low, high = (number(limit) for limit in found.rules.limits_h)
    heads = [
        _("Navn"),
        _("Timer i uka, snitt"),
        _("Mot grensene"),
        _("Praksis"),
        _("Kommunalt"),
        _("Vakt, aktiv"),
        _("Vakt, passiv"),
        _("Vakt, ikke målt"),
        _("Tyngste uke"),
        _("Uker over %(limit)s") % {"limit": low},
        _("Uker over %(limit)s") % {"limit": high},
    ]
    parts = ("municipal_h", "active_h", "passive_h", "unmeasured_h")
    people = sorted(found.people, key=lambda one: (-one.mean_h, one.name))

    def practice(one: PersonLoad) -> float | None:
        is_told = any(week.practice_h is not None for week in one.weeks)
        return one.mean("practice_h") if is_told else None

    def practice_words(one: PersonLoad) -> str:
        hours = practice(one)
        return number(None) if hours is None else at_least(hours, is_whole=one.is_whole)

    return table(
        "personer",
        _("Timer i uka, person for person"),
        heads,
        [
            (
                one.name,
                at_least(one.mean_h, is_whole=one.is_whole),
                verdict(one, found),
                practice_words(one),
                *(number(one.mean(part)) for part in parts),
                at_least(one.most_h, is_whole=one.is_whole),
                at_least(one.over_low, is_whole=one.is_whole),
                at_least(one.over_high, is_whole=one.is_whole),
            )
            for one in people
        ],
        [
            (
                one.name,
                _one(one.mean_h),
                verdict(one, found),
                _one(practice(one)),
                *(_one(one.mean(part)) for part in parts),
                _one(one.most_h),
                one.over_low,
                one.over_high,
            )
            for one in people
        ],
    )


def _weeks(found: Load) -> dict[str, Any]:
    """Every person and week; a week above the upper limit has a sign besides the number.

    A week without a position or duty has a dash.
    """
    high = found.rules.limits_h[1]

    def shown(week: WeekLoad | None) -> str:
        if week is None:
            return number(None)
        text = number(week.known_h)
        text = text if week.is_whole else f"≥ {text}"
        return f"{text} ▲" if week.known_h > high else text

    def all_weeks(one: PersonLoad) -> list[WeekLoad | None]:
        own = {week.monday: week for week in one.weeks}
        return [own.get(monday) for monday in found.mondays]

    return table(
        "uker",
        _("Timer uke for uke (▲ over %(limit)s)") % {"limit": number(high)},
        [
            _("Navn"),
            *(_("uke %(n)s") % {"n": d.isocalendar().week} for d in found.mondays),
        ],
        [(one.name, *map(shown, all_weeks(one))) for one in found.people],
        [
            (one.name, *(week and _one(week.known_h) for week in all_weeks(one)))
            for one in found.people
        ],
    )


def _turns(found: Load) -> dict[str, Any]:
    heads = [
        _("Navn"),
        _("Vakter"),
        _("Hverdag"),
        _("Helg"),
        _("Netter"),
        _("Korteste hvile, timer"),
        _("Hvile under %(hours)s timer") % {"hours": number(found.rules.rest_h)},
        _("Sommer mot resten"),
    ]
    return table(
        "hyppighet",
        _("Hvor ofte, netter, hvile og sommer"),
        heads,
        [
            (
                one.name,
                one.duties,
                every(one.nth_weekday),
                every(one.nth_weekend),
                one.nights,
                at_most(one.shortest_rest_h, is_whole=one.is_whole),
                at_least(one.short_rests, is_whole=one.is_whole),
                "–" if one.summer is None else f"{number(one.summer)} ×",
            )
            for one in found.people
        ],
        [
            (
                one.name,
                one.duties,
                _one(one.nth_weekday),
                _one(one.nth_weekend),
                one.nights,
                _one(one.shortest_rest_h),
                one.short_rests,
                _one(one.summer),
            )
            for one in found.people
        ],
    )


def _classes(found: Load) -> dict[str, Any]:
    return table(
        "vaktklasse",
        _("Vaktklasse etter målt arbeid"),
        [
            _("Vakt"),
            _("Vakter"),
            _("Målt"),
            _("Aktive minutter i timen"),
            _("Klasse"),
        ],
        [
            (
                str(POST[one.post]),
                one.duties,
                one.measured,
                number(one.active_min),
                one.duty_class or _("ukjent"),
            )
            for one in found.posts
        ],
        [
            (
                str(POST[one.post]),
                one.duties,
                one.measured,
                _one(one.active_min),
                one.duty_class,
            )
            for one in found.posts
        ],
    )


def _one(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
