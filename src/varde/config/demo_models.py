"""The demo's comparison of staffing models: what Lyngen's model would cost this place.

The prices that have no source are made up, and the comparison says that they were typed.
"""

from datetime import date, datetime, timedelta

from django.utils import timezone

from varde.apps.records.models import Duty, StaffingComparison, Station
from varde.apps.records.scope import scoped
from varde.apps.staffing import comparison_form as form
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.queries.comparison import asking, grounds
from varde.apps.staffing.queries.work import DOCTOR_POSTS
from varde.apps.staffing.rota_access import at_station
from varde.apps.staffing.services import comparing
from varde.config import demo_rota


NAME = "Vanlig rotasjon, Lyngen og fast vikar"
CHOSEN = ("rotation", "lyngen", "laerdal")
TYPED = {  # made up
    "p-position": "1250000",
    "p-day_income": "650000",
    "p-travel": "9000",
    "honorar_sykebesok": "560",
}
WEEK = timedelta(weeks=1)


def lay(*, at: datetime) -> None:
    """Ask for a comparison at the smallest station with doctors, where there is none.

    The background counts it, in some seconds after the demo is up.
    """
    if StaffingComparison.objects.exists():
        return
    on = timezone.localdate(at)
    station = _smallest()
    by = demo_rota.leader_of(station) if station is not None else None
    if station is None or by is None:
        return
    place = at_station(station, on=on)
    models = grounds.models()
    with scoped(districts=[place.district_id]):
        typed = _typed(place, on=on)
        asked, _problems = form.read(typed, models=models, today=on)
        if asked is None:
            return
        comparing.ask_comparison(
            workplace=place,
            name=asked.name,
            typed=typed,
            assumed=asking.stored_row(place, asked, on=on),
            weeks_all=grounds.MOST_WEEKS * len(asked.chosen),
            by=by,
            at=at,
        )


def _typed(place: Workplace, *, on: date) -> dict[str, str]:
    begun = form.begin(
        models=grounds.models(),
        people=grounds.people_now(place, on=on),
        first=on + WEEK - timedelta(days=on.weekday()),
        practice_h=grounds.practice_hours(place, on=on),
        minutes=grounds.measured(place, on=on).busy.minutes,
        prices={one.name: one.value for one in grounds.prices(place, on=on)},
    )
    chosen = {f"m-{code}": "ja" for code in CHOSEN}
    return begun | TYPED | chosen | {"navn": NAME}


def _smallest() -> Station | None:
    """The station with the fewest doctors on duty: where duty is the heaviest."""
    counts = []
    for station in Station.objects.order_by("code"):
        people = (
            Duty.objects.filter(station=station, post__in=DOCTOR_POSTS)
            .values("person")
            .distinct()
            .count()
        )
        if people:
            counts.append((people, station.code, station))
    return min(counts, key=lambda line: line[:2])[2] if counts else None
