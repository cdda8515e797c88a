"""What may be written on the page of a person, by its name in the form."""

from django.http import Http404
from django.utils import timezone

from varde.apps.records.models import (
    Absence,
    CompetenceDocument,
    Experience,
    OwnPeriods,
    Position,
    PracticeTime,
)
from varde.apps.staffing.services import documents, own_periods, people
from varde.apps.staffing.services.documents import LARGEST_FILE, File


# What gives competence or freedom from duty: nobody writes these of oneself.
COMPETENCE_ACTS = frozenset(
    {
        "document",
        "strike_document",
        "experience",
        "strike_experience",
        "absence",
        "end_absence",
        "own_periods",
        "end_own_periods",
    }
)
OWN_ACTS = frozenset({"practice", "end_practice"})  # one does these on one's own page


class Typed:
    """What was sent, about whom, and by whom."""

    def __init__(self, request, user):
        self.posted = request.POST
        self.files = request.FILES
        self.user = user
        self.workplace = request.workplace
        self.today = timezone.localdate()
        self.common = {"by": request.user, "at": timezone.now()}

    def text(self, name):
        """A field; empty where it was not sent."""
        return self.posted.get(name, "")

    def days(self):
        """The first and the last day."""
        return {"first_on": self.text("first_on"), "last_on": self.text("last_on")}

    def file(self):
        """The file, or None. No more is read than may be kept."""
        sent = self.files.get("file")
        if sent is None:
            return None
        return File(size=sent.size, content=sent.read(LARGEST_FILE + 1))


def acts_on(request, opened):
    """Each act that the page knows. Whether one may, is the view's to say."""
    typed = Typed(request, opened.user)
    return _position_acts(typed) | _own_acts(typed) | _document_acts(typed)


def _own_acts(typed):
    return {
        "own_periods": lambda: own_periods.give_own_periods(
            at_place=typed.workplace,
            person=typed.user,
            kind=typed.text("own_kind"),
            numbers=typed.posted.dict(),
            weekdays=typed.posted.getlist("weekdays"),
            **typed.days(),
            **typed.common,
        ),
        "end_own_periods": lambda: own_periods.end_own_periods(
            at_place=typed.workplace,
            row=_own(
                OwnPeriods, typed.posted, person=typed.user, **typed.workplace.where
            ),
            today=typed.today,
            **typed.common,
        ),
    }


def _position_acts(typed):
    return {
        "position": lambda: people.give_position(
            person=typed.user,
            at_place=typed.workplace,
            category=typed.text("category"),
            law=typed.text("law"),
            percent=typed.text("percent"),
            employer=typed.text("employer"),
            municipality=typed.text("municipality"),
            **typed.days(),
            **typed.common,
        ),
        "end_position": lambda: people.end_position(
            position=_own(
                Position, typed.posted, person=typed.user, **typed.workplace.where
            ),
            last_on=typed.text("last_on"),
            at_place=typed.workplace,
            **typed.common,
        ),
        "practice": lambda: people.give_practice_time(
            at_place=typed.workplace,
            person=typed.user,
            work=typed.text("work"),
            weekday=typed.text("weekday"),
            starts=typed.text("starts"),
            ends=typed.text("ends"),
            **typed.days(),
            **typed.common,
        ),
        "end_practice": lambda: people.end_practice_time(
            at_place=typed.workplace,
            row=_own(PracticeTime, typed.posted, person=typed.user),
            today=typed.today,
            **typed.common,
        ),
        "absence": lambda: people.give_absence(
            at_place=typed.workplace,
            person=typed.user,
            ground=typed.text("ground"),
            only_nights=typed.text("only_nights") == "yes",
            **typed.days(),
            **typed.common,
        ),
        "end_absence": lambda: people.end_absence(
            at_place=typed.workplace,
            row=_own(Absence, typed.posted, person=typed.user),
            today=typed.today,
            **typed.common,
        ),
    }


def _document_acts(typed):
    return {
        "document": lambda: documents.add_document(
            at_place=typed.workplace,
            person=typed.user,
            kind=typed.text("kind"),
            issuer=typed.text("issuer"),
            file=typed.file(),
            **typed.days(),
            **typed.common,
        ),
        "strike_document": lambda: documents.strike_document(
            at_place=typed.workplace,
            document=_own(CompetenceDocument, typed.posted, person=typed.user),
            **typed.common,
        ),
        "experience": lambda: documents.add_experience(
            at_place=typed.workplace,
            person=typed.user,
            kind=typed.text("kind"),
            percent=typed.text("percent"),
            count=typed.text("count"),
            **typed.days(),
            **typed.common,
        ),
        "strike_experience": lambda: documents.strike_experience(
            at_place=typed.workplace,
            row=_own(Experience, typed.posted, person=typed.user),
            **typed.common,
        ),
        "dispensation": lambda: documents.dispense(
            at_place=typed.workplace,
            person=typed.user,
            demand=typed.text("demand"),
            reason=typed.text("reason"),
            **typed.days(),
            **typed.common,
        ),
        "bakvakt": lambda: documents.decide_bakvakt(
            person=typed.user,
            at_place=typed.workplace,
            mode=typed.text("mode"),
            first_on=typed.text("first_on"),
            reason=typed.text("reason"),
            **typed.common,
        ),
    }


def _own(model, posted, **whose):
    """The row that the form names, of this person; another's is not there."""
    text = posted.get("row", "")
    is_number = text.isascii() and text.isdigit() and len(text) < 16
    row = model.objects.filter(pk=text, **whose).first() if is_number else None
    if row is None:
        raise Http404
    return row
