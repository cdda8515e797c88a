"""The made-up staff's positions, documents, courses and absences, with a few gaps.

Always the same for the same day: who lacks what follows from the place in the list.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from varde.apps.records.models import (
    Absence,
    CompetenceDocument,
    Course,
    CourseSeat,
    Experience,
    Position,
    PracticeTime,
    RoleGrant,
    Sentral,
    Station,
    User,
    VikarApproval,
    VikarTerms,
)
from varde.engines.demo.places import Demo, StaffMember
from varde.engines.demo.staff import staff_of


YEAR = timedelta(days=365)
MONTH = timedelta(days=30)
CATEGORIES = {
    "doctor": Position.Category.FASTLEGE,
    "nurse": Position.Category.NURSE,
    "operator": Position.Category.OPERATOR,
    "shift_leader": Position.Category.OPERATOR,
}
ON_DUTY = ("start_training", "following_day", "nodnett")
COURSES = ("course_acute_medicine", "course_violence_abuse")
OPERATORS = ("health_bachelor", "practice_accepted", "operator_course")
VIKAR = 3  # which doctor from the end
DOCTORS_SHARES = ("1", "0.8", "1", "0.6", "0.4")
SURGERY = (time(8), time(15))


def write_people(demo: Demo, *, on: date, scale: float = 1.0) -> int:
    """Write the staff's positions and documents, once. Returns how many positions."""
    if Position.objects.exists():
        return 0
    users = {user.username: user for user in User.objects.all()}
    stations = {row.code: row for row in Station.objects.select_related("municipality")}
    sentraler = {row.code: row for row in Sentral.objects.all()}
    writer = _Writer(on, (_holder("legevaktoverlege"), _holder("kommuneoverlege")))
    for sentral in demo.sentraler:
        groups: dict[tuple[str, str], list[StaffMember]] = defaultdict(list)
        for member in staff_of(demo, sentral.code, scale=scale):
            if member.role in CATEGORIES:
                groups[member.place, member.role].append(member)
        for (place, role), members in groups.items():
            at = stations.get(place) or sentraler.get(place)
            if at is not None:
                writer.group(at, role, members, users)
        for place in dict.fromkeys(place for place, _role in groups):
            at = stations.get(place) or sentraler.get(place)
            here = [m for (p, _role), ms in groups.items() if p == place for m in ms]
            if at is not None:
                writer.exercise(at, [users[member.username] for member in here])
    return writer.save()


def _holder(role: str) -> User:
    grants = RoleGrant.objects.filter(role=role).select_related("user")
    return grants.order_by("pk")[0].user


class _Writer:
    """Gathers the rows of everybody, then writes them table by table."""

    def __init__(self, on: date, bosses: tuple[User, User]) -> None:
        self.on = on
        self.bosses = bosses  # who writes, and who decides for the municipality
        self.at = timezone.make_aware(datetime.combine(on, time(8)))
        self.born: list[User] = []
        self.positions: list[Position] = []
        self.documents: list[CompetenceDocument] = []
        self.experience: list[Experience] = []
        self.others: list[object] = []

    def group(
        self,
        at: Station | Sentral,
        role: str,
        members: Sequence[StaffMember],
        users: dict[str, User],
    ) -> None:
        """Those who do the same at one place. The last ones are those with gaps."""
        people = [users[member.username] for member in members]
        for number, (member, user) in enumerate(zip(members, people, strict=True)):
            from_last = len(people) - 1 - number
            if role == "doctor":
                self._doctor(at, user, number, from_last)
            else:
                self._staff(at, role, member, user, number, from_last)

    def save(self) -> int:
        """Write all of it."""
        User.objects.bulk_update(self.born, ["born_year"])
        Position.objects.bulk_create(self.positions)
        CompetenceDocument.objects.bulk_create(self.documents)
        Experience.objects.bulk_create(self.experience)
        for row in self.others:
            row.save()  # type: ignore[attr-defined]
        return len(self.positions)

    def _doctor(
        self, at: Station | Sentral, user: User, number: int, from_last: int
    ) -> None:
        self._born(user, number, from_last)
        years = 4 + number % 17
        begun = self.on - years * YEAR
        self._documents(user, ("authorisation", "cand_med"), begun - 2 * YEAR)
        is_vikar = from_last == VIKAR
        category = Position.Category.VIKAR if is_vikar else CATEGORIES["doctor"]
        share = "0.2" if is_vikar else DOCTORS_SHARES[number % len(DOCTORS_SHARES)]
        self._position(at, user, category, share, begun)
        self._documents(user, ("lis1_completed",), begun)
        self._documents(user, ON_DUTY, begun)
        self._documents(user, ("specialist_allmennmedisin",), begun + YEAR)
        self._service(user, "general_practice", begun)
        self._courses(user, number)
        if not is_vikar:
            self._surgery(user)
        if is_vikar:
            self._vikar(at, user)

    def _born(self, user: User, number: int, from_last: int) -> None:
        """The first may ask for exemption; a vikar's year is unknown."""
        if from_last != VIKAR:
            user.born_year = self.on.year - (61 - number * 7 % 27)
            self.born.append(user)

    def _staff(
        self,
        at: Station | Sentral,
        role: str,
        member: StaffMember,
        user: User,
        number: int,
        from_last: int,
    ) -> None:
        begun = self.on - (2 + number % 11) * YEAR
        share = str(Decimal(member.position_percent or 100) / 100)
        is_new = role == "operator" and from_last == 0
        first = self.on - 2 * MONTH if is_new else begun
        self._position(at, user, CATEGORIES[role], share, first)
        self._documents(user, ("authorisation", "health_bachelor"), begun)
        self._documents(user, ON_DUTY, first)
        if CATEGORIES[role] == Position.Category.OPERATOR:
            self._documents(user, OPERATORS[1:], first)
            self._duties(user, "training_duties", 3 if is_new else 5 + number % 4)
        self._courses(user, number, lacks_one=from_last == 1)
        if number == 1:
            self._absence(
                user, Absence.Ground.HOLIDAY, self.on + MONTH, self.on + 1.5 * MONTH
            )

    def _courses(self, user: User, number: int, *, lacks_one: bool = False) -> None:
        """Both courses; one in seven of the first ends within a month or half a year."""
        ends = {3: self.on + timedelta(days=22), 10: self.on + timedelta(days=140)}
        self._documents(
            user, COURSES[:1], self.on - 3 * YEAR, last=ends.get(number % 14)
        )
        if not lacks_one:
            self._documents(user, COURSES[1:], self.on - 3 * YEAR)

    def exercise(self, at: Station | Sentral, people: Sequence[User]) -> None:
        """One exercise that was held, which few had time for, and one that comes."""
        boss = self.bosses[0]
        held = self._course(at, boss, self.on - 4 * MONTH)
        held.save()
        for user in people[: max(1, len(people) // 5)]:
            document = CompetenceDocument(
                person=user,
                kind="joint_exercise",
                first_on=self.on - 4 * MONTH,
                issuer=held.title,
                recorded_by=boss,
                recorded_at=self.at,
            )
            document.save()
            CourseSeat.objects.create(
                course=held,
                person=user,
                signed_by=user,
                signed_at=held.made_at,
                was_there=True,
                marked_by=boss,
                marked_at=held.ends_at,
                document=document,
            )
        ahead = self._course(at, boss, self.on + timedelta(days=18))
        ahead.save()
        for user in people[-3:]:
            CourseSeat.objects.create(
                course=ahead, person=user, signed_by=user, signed_at=self.at
            )

    def _course(self, at: Station | Sentral, boss: User, day: date) -> Course:
        starts = timezone.make_aware(datetime.combine(day, time(17)))
        return Course(
            kind="joint_exercise",
            title="Samhandlingsøvelse med ambulansen",
            where="Ambulansegarasjen",
            starts_at=starts,
            ends_at=starts + timedelta(hours=3),
            seats=12,
            made_by=boss,
            made_at=starts - 2 * MONTH,
            **_where(at),
        )

    def _position(
        self,
        at: Station | Sentral,
        user: User,
        category: str,
        share: str,
        first: date,
        before: date | None = None,
    ) -> None:
        is_doctor = category not in {
            Position.Category.NURSE,
            Position.Category.OPERATOR,
        }
        place = at.municipality if isinstance(at, Station) else None
        self.positions.append(
            Position(
                person=user,
                category=category,
                law=Position.Law.SFS2305 if is_doctor else Position.Law.AML,
                share=Decimal(share),
                employer=f"{place.name} kommune" if place else "Vertskommunen",
                municipality=place,
                valid_from=first,
                valid_to=before,
                **_where(at),
            )
        )

    def _documents(
        self, user: User, kinds: Iterable[str], first: date, last: date | None = None
    ) -> None:
        self.documents += [
            CompetenceDocument(
                person=user,
                kind=kind,
                first_on=first,
                last_on=last,
                recorded_by=self.bosses[0],
                recorded_at=self.at,
            )
            for kind in kinds
        ]

    def _service(self, user: User, kind: str, first: date) -> None:
        self.experience.append(
            Experience(
                person=user,
                kind=kind,
                first_on=first,
                share=Decimal(1),
                recorded_by=self.bosses[0],
                recorded_at=self.at,
            )
        )

    def _duties(self, user: User, kind: str, count: int) -> None:
        self.experience.append(
            Experience(
                person=user,
                kind=kind,
                first_on=self.on - timedelta(days=70),
                count=count,
                recorded_by=self.bosses[0],
                recorded_at=self.at,
            )
        )

    def _surgery(self, user: User) -> None:
        starts, ends = SURGERY
        self.others += [
            PracticeTime(
                person=user,
                work=PracticeTime.Work.PRACTICE,
                weekday=day,
                starts=starts,
                ends=ends,
                valid_from=self.on - YEAR,
            )
            for day in range(4)
        ]

    def _absence(self, user: User, ground: str, first: date, last: date | None) -> None:
        self.others.append(
            Absence(
                person=user,
                ground=ground,
                starts_on=first,
                ends_on=last,
                decided_by=self.bosses[0],
                decided_at=self.at,
            )
        )

    def _vikar(self, at: Station | Sentral, user: User) -> None:
        if not isinstance(at, Station):
            return
        boss, decider = self.bosses
        common = {"person": user, "municipality": at.municipality}
        self.others.append(
            VikarApproval(
                state=VikarApproval.State.APPROVED,
                valid_from=self.on - 2 * YEAR,
                asked_by=boss,
                asked_at=self.at,
                decided_by=decider,
                decided_at=self.at,
                **common,
            )
        )
        self.others.append(
            VikarTerms(
                valid_from=self.on - 2 * YEAR,
                rate_nok=Decimal("950"),
                terms="Reise dekkes, bolig i ukene på vakt",
                recorded_by=boss,
                recorded_at=self.at,
                **common,
            )
        )


def _where(at: Station | Sentral) -> dict[str, Station | Sentral]:
    return {"station": at} if isinstance(at, Station) else {"sentral": at}
