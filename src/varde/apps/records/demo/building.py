"""Build the demo district: organisation, people, years of history. All or nothing."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib import resources

import numpy as np
from django.db import connection, transaction

from varde.apps.records import audit, settings
from varde.apps.records.demo.copying import continue_after
from varde.apps.records.demo.ground import Ground, lay, open_surgeries, put_on_duty
from varde.apps.records.demo.history import Loader
from varde.apps.records.demo.people import write_people
from varde.apps.records.demo.persons import Register
from varde.apps.records.demo.stations import nurses_of_stations
from varde.apps.records.demo.wording import Wording, wording
from varde.apps.records.models import (
    Attendance,
    AuditEntry,
    Call,
    CallBack,
    Contact,
    IndexVersion,
    Patient,
    RoleGrant,
    Sentral,
)
from varde.engines.demo.codes import Ints
from varde.engines.demo.history import generate
from varde.engines.demo.people import People, make_people
from varde.engines.demo.places import Complaint, Demo
from varde.engines.demo.reading import read_demo
from varde.engines.demo.staff import staff_of
from varde.engines.triage.index import Index
from varde.engines.triage.loading import load


BUILT = "demo_built"
SENTRAL = "HEL"

Say = Callable[[str, float], None]
"""Told what is done and how far it has come, 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What a build loaded. Counts are of all sentraler together."""

    years: int
    seed: int
    scale: float
    until: str
    patients: int
    calls: int
    contacts: int


class OtherData(Exception):
    """The database holds an installation that is not the demo's."""


def content() -> Demo:
    """What is typed in about the demo district."""
    return read_demo(resources.files("varde.content") / "demo")


def complaint_titles() -> dict[str, str]:
    """What the complaints of the index in use are called."""
    return {complaint.id: complaint.title for complaint in _index().complaints}


def known() -> Built | None:
    """What was built here before, or None in an empty database.

    Raises `OtherData` where there is a sentral that no demo has made.
    """
    entry = AuditEntry.objects.filter(what=BUILT).order_by("pk").last()
    if entry is not None:
        return Built(**entry.data)
    if Sentral.objects.exists():
        raise OtherData(
            "This database holds an installation that is not a demo. Nothing was\n"
            "changed. Choose another folder for the demo: VARDE_HOME=/path varde demo"
        )
    return None


@transaction.atomic
def build(
    *,
    years: int,
    seed: int,
    until: datetime,
    password: str,
    use_index: Callable[[datetime], None],
    scale: float = 1.0,
    say: Say = lambda _text, _share: None,
) -> Built:
    """Build the district with its history up to a moment, in an empty database.

    Parameters
    ----------
    years, seed, until, scale
        As for `engines.demo.history.generate`. A scale of 8 gives a million contacts in
        five years.
    password : str
        The hash that everybody made up logs in by.
    use_index : callable
        Installs an index and takes it into use in every district; called with `until`
        when the organisation is there.
    say : callable, optional
        Told of each step.

    Returns
    -------
    Built
        Also written as one line of the log, in the same transaction.
    """
    demo = content()
    _hush()
    say("Organisasjon og ansatte", 0.0)
    settings.load_starters()
    ground = lay(demo, at=until, password=password, scale=scale)
    put_on_duty(demo, seed=seed, on=until.date(), scale=scale)
    open_surgeries(on=until.date())
    write_people(demo, on=until.date(), scale=scale)
    use_index(until)
    index = _index()
    complaints = _complaints(demo, index)
    say("Innbyggere", 0.03)
    people = make_people(demo, seed=seed, years=years, until=until, scale=scale)
    register = _register(demo, ground, people, years=years, until=until)
    calls = contacts = 0
    months = (years * 12 + 1) * len(demo.sentraler)
    done = 0
    for sentral in demo.sentraler:
        loader = _loader(
            demo,
            ground,
            register,
            sentral.code,
            words=wording(index, tuple(c.id for c in complaints)),
            until=until,
            scale=scale,
        )
        for month in generate(
            demo,
            people,
            years=years,
            seed=seed,
            until=until,
            sentral=sentral.code,
            complaints=complaints,
            scale=scale,
        ):
            loader.load(month)
            done += 1
            name = f"{sentral.name} {month.first_day:%Y-%m}"
            say(name, 0.08 + 0.9 * done / months)
        calls += loader.loaded["calls"]
        contacts += loader.loaded["contacts"]
    continue_after(Patient, Call, CallBack, Contact, Attendance)
    _count_rows()
    built = Built(
        years=years,
        seed=seed,
        scale=scale,
        until=until.isoformat(timespec="seconds"),
        patients=register.count,
        calls=calls,
        contacts=contacts,
    )
    audit.log(what=BUILT, by=None, at=until, purpose="", data=asdict(built))
    say("Ferdig", 1.0)
    return built


def _count_rows() -> None:
    """Tell the planner what was loaded: it would guess until its own count comes."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _hush() -> None:
    """No change log and no look-ups of foreign keys for rows that we make ourselves.

    The one line of the log that `build` writes stands for all of them. An owner who may
    not switch triggers off (an external database) loads more slowly, with both.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL varde.bulk = '1'")
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = session_user")
        if cursor.fetchone()[0]:
            cursor.execute("SET LOCAL session_replication_role = replica")


def _complaints(demo: Demo, index: Index) -> tuple[Complaint, ...]:
    """What people ring about: those of the content that the index in use knows."""
    known_ids = {complaint.id for complaint in index.complaints}
    return tuple(c for c in demo.complaints if c.id in known_ids)


def _index() -> Index:
    version = IndexVersion.objects.filter(state=IndexVersion.State.IN_USE).first()
    if version is None:
        raise LookupError("use_index has taken no index into use")
    return load(version.text, filename=version.filename)


def _register(
    demo: Demo, ground: Ground, people: People, *, years: int, until: datetime
) -> Register:
    register = Register(
        people=people,
        ground=ground,
        began_at=until.replace(year=until.year - years, day=min(until.day, 28)),
    )
    register.enrol_inhabitants(_home_districts(demo, ground, people, until=until))
    return register


def _home_districts(
    demo: Demo, ground: Ground, people: People, *, until: datetime
) -> Ints:
    codes = [
        ground.districts[demo.station_of(m.number, on=until.date()).district]
        for m in demo.municipalities
    ]
    return np.array(codes, dtype=np.int64)[people.municipality]


def _loader(
    demo: Demo,
    ground: Ground,
    register: Register,
    sentral: str,
    *,
    words: Wording,
    until: datetime,
    scale: float,
) -> Loader:
    made_up = demo.sentral(sentral)
    staff = staff_of(demo, sentral, scale=scale)
    users = ground.staff(staff)
    on = until.date()
    keep_years = settings.value("sound.keep_years", on=on)
    return Loader(
        demo=demo,
        ground=ground,
        register=register,
        sentral_id=ground.sentraler[sentral],
        host_district=ground.districts[made_up.host_district],
        staff=users,
        codes=tuple(member.operator_code for member in staff),
        leaders=np.array(
            [u for u, m in zip(users, staff, strict=True) if m.role == "shift_leader"]
        ),
        doctors=_doctors(ground),
        index_of=dict(
            IndexVersion.objects.filter(state=IndexVersion.State.IN_USE).values_list(
                "district", "pk"
            )
        ),
        words=words,
        due_min=settings.value("callback.minutes", on=on)["ukjent"],
        nurses=nurses_of_stations(),
        first_look_min=settings.value("arrival.minutes", on=on)["ukjent"],
        keep_sound_from=until.replace(
            year=until.year - keep_years, day=min(until.day, 28)
        ),
        until=until,
    )


def _doctors(ground: Ground) -> Mapping[int, Ints]:
    grants = RoleGrant.objects.filter(role="doctor", station__isnull=False)
    found: dict[int, list[int]] = {code: [] for code in ground.districts.values()}
    for district, user in grants.values_list("station__district", "user").order_by(
        "pk"
    ):
        found[district].append(user)
    return {district: np.array(users) for district, users in found.items()}
