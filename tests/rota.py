"""A station with doctors, patterns and a rota, for the tests of the rota."""

from dataclasses import dataclass
from datetime import date, time, timedelta

from tests import make, staffing_models
from varde.apps.records import settings
from varde.apps.records.models import (
    CompetenceDocument,
    DatedSetting,
    DutySwap,
    Position,
    RotaRun,
    StaffingComparison,
    Vacancy,
    Wish,
)
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.queries.comparison import stored
from varde.apps.staffing.queries.rota.ground import ground_of
from varde.apps.staffing.services.rota import (
    filling,
    making,
    offer_links,
    publishing,
)
from varde.apps.staffing.services.rota.making import PatternDetails
from varde.engines.staffing_models.compare import outcome


FIRST, LAST = date(2026, 12, 7), date(2027, 1, 3)  # Monday; four weeks with Christmas
WORKING = ("weekday", "before_free")
FREE = ("saturday", "sunday", "eve", "holiday")
MAY_BE_ALONE = (
    "authorisation",
    "specialist_allmennmedisin",
    "course_acute_medicine",
    "course_violence_abuse",
)
NAMES = ("Ane", "Bo", "Cato", "Dina", "Eli", "Finn")


@dataclass
class House:
    """The station, its people and its rota."""

    workplace: Workplace
    planner: object
    leader: object
    doctors: list
    rota: object = None

    @property
    def places(self):
        return list(self.rota.duties.order_by("starts_at", "pk"))

    def place(self, number=0):
        return self.places[number]

    def ground(self):
        return ground_of(self.rota, workplace=self.workplace)


def house(*, doctors=6, with_rota=True):
    """Six doctors with whole positions, one duty at a time."""
    make.settings()
    make.sentral()
    station = make.station()
    workplace = Workplace.of_station(station, sentraler=[make.sentral().pk])
    made = House(
        workplace=workplace,
        planner=make.user(
            "planner", roles=["legevaktoverlege"], at=station, first_name="Olga"
        ),
        leader=make.user(
            "vaktleder", roles=["shift_leader"], at=station, first_name="Siv"
        ),
        doctors=[doctor(name, station) for name in NAMES[:doctors]],
    )
    pattern(made, "Hverdag", WORKING, time(15, 30), time(8))
    pattern(made, "Helg", FREE, time(8), time(8))
    if with_rota:
        made.rota = making.make_rota(
            workplace=workplace,
            starts_on=FIRST,
            ends_on=LAST,
            by=made.planner,
            at=make.NOW,
        )
    return made


def sentral_house():
    """A sentral with one operator each night of four."""
    make.settings()
    place = make.sentral()
    made = House(
        workplace=Workplace.of_sentral(place),
        planner=make.user("planner", roles=["legevaktoverlege"], at=place),
        leader=None,
        doctors=[make.operator(name, at=place) for name in ("anne", "berit", "carl")],
    )
    Position.objects.bulk_create(
        Position(
            person=one,
            category="operator",
            law="aml",
            share=1,
            employer="Kommunen",
            sentral=place,
            valid_from=make.LONG_AGO,
        )
        for one in made.doctors
    )
    pattern(made, "Natt", WORKING + FREE, time(22), time(7), post="operator")
    made.rota = making.make_rota(
        workplace=made.workplace,
        starts_on=FIRST,
        ends_on=FIRST + timedelta(days=3),
        by=made.planner,
        at=make.NOW,
    )
    return made


def doctor(name, station, *, category="fastlege"):
    person = make.user(
        name.lower(), roles=["doctor"], at=station, first_name=name, phone="40000001"
    )
    Position.objects.create(
        person=person,
        category=category,
        law="sfs2305",
        share=1,
        employer="Kommunen",
        station=station,
        valid_from=make.LONG_AGO,
    )
    if category != "lis1":
        CompetenceDocument.objects.bulk_create(
            CompetenceDocument(
                person=person,
                kind=kind,
                first_on=date(2022, 1, 10),
                recorded_by=person,
                recorded_at=make.NOW,
            )
            for kind in MAY_BE_ALONE
        )
    return person


def pattern(made, name, days, starts, ends, *, post="forvakt", group=""):
    return making.add_pattern(
        workplace=made.workplace,
        details=PatternDetails(
            post=post,
            name=name,
            days=days,
            starts=starts,
            ends=ends,
            needed=1,
            active_per_cent=100,
            group=group,
            valid_from=make.LONG_AGO,
        ),
        by=made.planner,
        at=make.NOW,
    )


def own(made, key, value):
    """A number of the place's own."""
    where = made.workplace
    DatedSetting.objects.create(
        key=f"rota.{key}",
        value=value,
        unit="t",
        source="Vedtak",
        is_verified=True,
        valid_from=make.LONG_AGO,
        station_id=where.station_id,
        district_id=where.district_id,
    )
    settings.forget()


def filled(made, *, published=False):
    """Give every place to the doctors in turn; publish where asked."""
    for number, place in enumerate(made.places):
        place.person = made.doctors[number % len(made.doctors)]
        place.save()
    if published:
        made.rota.refresh_from_db()
        made.rota = publishing.publish(
            rota_id=made.rota.pk,
            seen=made.rota.row_version,
            workplace=made.workplace,
            by=made.planner,
            at=make.NOW,
        )
    return made


def one_of_each(at):
    """One of each thing that an address of the rota names, for the table of access."""
    made = house(doctors=3, with_rota=False)
    where = {"workplace": made.workplace, "by": made.planner, "at": at}
    first = at.date() + timedelta(days=20)
    made.rota = making.make_rota(
        starts_on=first, ends_on=first + timedelta(days=6), **where
    )
    filled(made, published=True)
    later = first + timedelta(days=30)
    draft = making.make_rota(
        starts_on=later, ends_on=later + timedelta(days=6), **where
    )
    place = made.place(1)
    vacancy = filling.report_sick(
        rota_id=made.rota.pk, place_id=made.place(0).pk, seen=1, **where
    )
    filling.ask(
        vacancy_id=vacancy.pk,
        people=[made.doctors[2].pk],
        way=Vacancy.Way.ORDER,
        **where,
    )
    offer = vacancy.offers.get()
    return {
        "rota": made.rota.pk,
        "draft": draft.pk,
        "draft_place": draft.duties.first().pk,
        "person": made.doctors[0].pk,
        "place": place.pk,
        "vacancy": vacancy.pk,
        "pattern": place.pattern_id,
        "wish": Wish.objects.create(
            person=made.planner,
            wants="free",
            starts_at=at + timedelta(days=40),
            ends_at=at + timedelta(days=41),
            weight=1,
            said_at=at,
        ).pk,
        "run": RotaRun.objects.create(
            rota=draft,
            seed=1,
            seconds=30,
            row_version=1,
            asked_by=made.planner,
            asked_at=at,
            state="done",
        ).pk,
        "swap": DutySwap.objects.create(
            mine=place,
            theirs=made.place(2),
            asked_by=made.doctors[1],
            asked_to=made.doctors[2],
            asked_at=at,
        ).pk,
        "link": offer_links.link_code(offer),
        "comparison": comparison(made, at=at).pk,
    }


def comparison(made, *, at):
    """A comparison of staffing models that is done, as it is stored: one of Lyngen's
    model for a week, from nothing that anybody has typed."""
    assumed = staffing_models.assumed(weeks=1)
    rota = staffing_models.made("lyngen", weeks=1)
    return StaffingComparison.objects.create(
        station_id=made.workplace.station_id,
        name="Lyngen",
        state="done",
        typed={},
        assumed=stored.as_row(assumed)
        | {
            "today": None,
            "people": {"doctors": 0, "lis1": 0},
            "models": [{"code": "lyngen", "counts": {}, "sites": None, "recruit": []}],
            "templates": "",
            "measured": None,
            "is_specialist": False,
            "sources": [],
        },
        found=[stored.outcome_row(outcome(rota, assumed), rota)],
        weeks_all=1,
        asked_by=made.planner,
        asked_at=at,
    )
