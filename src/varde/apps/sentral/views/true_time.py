"""Times as they are typed from a form: a day and a clock, in the installation's time."""

from datetime import UTC, datetime

from django.utils import timezone

from varde.apps.sentral.services.contacts.values import Why, not_valid


LONGEST = 30


def true_time(request, name, *, first):
    """The moment that two fields mean: `name` is the clock, `name_on` the day.

    An empty day is that of the form's `first` time: past midnight the day is written, and
    who forgets it is told, since the times are then out of order. None where the clock is empty. A clock that is not one, an hour that the day does not
    have (in March), or a clock without a day is refused. The hour that comes twice in
    October is the first of the two.
    """
    clock = request.POST.get(name, "").strip()[:LONGEST]
    day = request.POST.get(f"{name}_on") or request.POST.get(f"{first}_on", "")
    day = day.strip()[:LONGEST]
    if not clock:
        return None
    if clock.isascii() and clock.isdigit() and len(clock) == 4:
        clock = f"{clock[:2]}:{clock[2:]}"  # as nurses write it: 0215
    try:
        typed = datetime.fromisoformat(f"{day}T{clock}")
    except ValueError:
        raise not_valid(name, Why.NOT_A_TIME) from None
    if typed.tzinfo is not None:
        raise not_valid(name, Why.NOT_A_TIME)
    moment = typed.replace(tzinfo=timezone.get_current_timezone())
    there_and_back = moment.astimezone(UTC).astimezone(moment.tzinfo)
    if there_and_back.replace(tzinfo=None) != typed:
        raise not_valid(name, Why.NOT_A_TIME)
    return moment
