"""Reviews: what waits for whom, what the two found, and how well they agree."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
)
from django.http import Http404

from varde.apps.records.models import (
    Assessment,
    Contact,
    ContactEvent,
    Review,
    ReviewScore,
    Sentral,
    User,
)
from varde.apps.sentral import choices
from varde.apps.sentral.queries import triage_index
from varde.content import REVIEW_QUESTIONS_FILE, review_questions_text
from varde.domain.review import cohens_kappa, share_equal
from varde.engines.review_questions import ReviewQuestions, load


REVIEWERS_NEEDED = 2
AGREEMENT_OVER = timedelta(days=365)


class Shelf(StrEnum):
    """The lists of the overview. The values are in the address."""

    TO_SCORE = "vurder"
    SCORED = "vurdert"  # by oneself, waits for the other
    TO_TELL = "tilbakemelding"  # both have scored, the operator is not told
    DONE = "ferdig"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRow:
    """One contact on the list. No name of a patient or an operator."""

    id: int
    contact_id: int
    why: str  # in words
    drawn_at: datetime
    opened_at: datetime
    hastegrad: str
    complaint: str  # in words; "" where none was chosen
    scores: int
    read_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One question with the two answers in words, in the order in which they came."""

    id: str
    text: str
    answers: tuple[str, ...]
    is_equal: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Who scored, when, and the comment."""

    by: str
    at: datetime
    comment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the two found. Made only where it may be seen."""

    scores: tuple[Score, ...]
    questions: tuple[Compared, ...]

    @property
    def unequal(self) -> int:
        """On how many questions they differ."""
        return sum(not question.is_equal for question in self.questions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How well the two agreed on one question. None where there is nothing to say."""

    text: str
    pairs: int
    share_equal: float | None
    kappa: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """What an operator is told about one of her contacts."""

    id: int
    contact_id: int
    opened_at: datetime
    complaint: str
    hastegrad: str
    why: str  # in words
    text: str
    by: str
    at: datetime
    read_at: datetime | None


@cache
def questions() -> ReviewQuestions:
    """The fixed questions that ship with this version of Varde."""
    return load(review_questions_text(), filename=REVIEW_QUESTIONS_FILE)


def own_work(user: User) -> Q:
    """The contacts that a person took part in, in any way that left a trace."""
    acted = ContactEvent.objects.filter(contact=OuterRef("pk"), by=user)
    judged = Assessment.objects.filter(contact=OuterRef("pk"), by=user)
    return (
        Q(opened_by=user)
        | Q(closed_by=user)
        | Q(owner=user)
        | Q(approval__doctor=user)
        | Exists(acted)
        | Exists(judged)
    )


def shelf(
    sentral: Sentral, which: Shelf, *, user: User, first: int, most: int
) -> tuple[ReviewRow, ...]:
    """One page of a list, the oldest draw first. One query, whatever the number."""
    rows = _shelved(sentral, which, user=user).select_related("contact")
    order = ("-feedback_at", "-pk") if which is Shelf.DONE else ("drawn_at", "pk")
    titles = titles_in_use(sentral)
    return tuple(
        _row(row, titles) for row in rows.order_by(*order)[first : first + most]
    )


def counts(sentral: Sentral, *, user: User) -> dict[Shelf, int]:
    """How many there are on each list."""
    return {which: _shelved(sentral, which, user=user).count() for which in Shelf}


def review_for(sentral: Sentral, review_id: int) -> Review:
    """The review, if it is of this sentral. Raises 404."""
    found = (
        Review.objects.filter(sentral=sentral, pk=review_id)
        .select_related("contact__patient", "contact__sentral", "feedback_by")
        .first()
    )
    if found is None:
        raise Http404
    return found


def is_own_work(review: Review, user: User) -> bool:
    """Whether this person took part in the contact."""
    return Contact.objects.filter(own_work(user), pk=review.contact_id).exists()


def outcome_for(review: Review, user: User) -> Outcome | None:
    """What the two found, for one who may see it; None before that.

    One of the two sees the other's answers only after giving her own, which means when
    both are there; everybody else sees them then too. Nobody sees one alone but her own.
    """
    scores = list(review.scores.select_related("by").order_by("at", "pk"))
    is_whole = len(scores) >= REVIEWERS_NEEDED
    shown = (
        scores if is_whole else [score for score in scores if score.by_id == user.pk]
    )
    return _outcome(shown) if shown else None


def agreement(sentral: Sentral, *, now: datetime) -> tuple[Agreement, ...]:
    """How well two reviewers agreed on each question, over the last year.

    By the questions of this version alone. Two queries.
    """
    scores = ReviewScore.objects.order_by("at", "pk")
    reviews = (
        Review.objects.filter(sentral=sentral, drawn_at__gt=now - AGREEMENT_OVER)
        .annotate(n=Count("scores"))
        .filter(n__gte=REVIEWERS_NEEDED)
        .prefetch_related(Prefetch("scores", queryset=scores))
    )
    asked = questions()
    both = [_of_version(review.scores.all(), asked.version) for review in reviews]
    pairs = [pair for pair in both if len(pair) == REVIEWERS_NEEDED]
    return tuple(
        _agreement(question.id, question.text, pairs) for question in asked.questions
    )


def feedback_to(
    user: User, sentral: Sentral, *, first: int, most: int
) -> tuple[Feedback, ...]:
    """What a person is told about her own contacts, the unread and the newest first."""
    rows = _told(user, sentral).select_related("contact", "feedback_by")
    is_read = ExpressionWrapper(Q(read_at__isnull=False), BooleanField())
    unread_first = rows.order_by(is_read, "-feedback_at", "-pk")
    titles = titles_in_use(sentral)
    return tuple(_feedback(row, titles) for row in unread_first[first : first + most])


def feedback_for(user: User, sentral: Sentral, review_id: int) -> Review:
    """The feedback, if it is to this person. Raises 404."""
    found = _told(user, sentral).filter(pk=review_id).first()
    if found is None:
        raise Http404
    return found


def _told(user: User, sentral: Sentral) -> QuerySet[Review]:
    """To the one who closed the contact; where nobody did, to the one who opened it."""
    hers = Q(contact__closed_by=user) | Q(
        contact__closed_by=None, contact__opened_by=user
    )
    return Review.objects.filter(hers, sentral=sentral, feedback_at__isnull=False)


def _shelved(sentral: Sentral, which: Shelf, *, user: User) -> QuerySet[Review]:
    mine = ReviewScore.objects.filter(review=OuterRef("pk"), by=user)
    own = Contact.objects.filter(own_work(user), pk=OuterRef("contact_id"))
    rows = Review.objects.filter(sentral=sentral).annotate(n=Count("scores"))
    if which is Shelf.TO_SCORE:
        return rows.filter(~Exists(mine), ~Exists(own), n__lt=REVIEWERS_NEEDED)
    if which is Shelf.SCORED:
        return rows.filter(Exists(mine), n__lt=REVIEWERS_NEEDED)
    both = rows.filter(n__gte=REVIEWERS_NEEDED)
    if which is Shelf.TO_TELL:
        return both.filter(~Exists(own), feedback_at=None)
    return both.filter(feedback_at__isnull=False)


def titles_in_use(sentral: Sentral) -> Mapping[str, str]:
    """What each complaint is called in the index in use; {} without one."""
    index = triage_index.in_use(sentral.host_district_id)
    return index.titles if index else {}


def _row(row: Any, titles: Mapping[str, str]) -> ReviewRow:
    contact = row.contact
    return ReviewRow(
        id=row.pk,
        contact_id=contact.pk,
        why=str(choices.REVIEW_WHY[row.why]),
        drawn_at=row.drawn_at,
        opened_at=contact.opened_at,
        hastegrad=contact.hastegrad_phone,
        complaint=titles.get(contact.complaint, contact.complaint),
        scores=row.n,
        read_at=row.read_at,
    )


def _outcome(scores: Sequence[ReviewScore]) -> Outcome:
    known = {question.id: question for question in questions().questions}
    answered = {key for score in scores for key in score.answers["answers"]}
    asked = [*(key for key in known if key in answered), *sorted(answered - set(known))]
    compared = []
    for key in asked:
        codes = [score.answers["answers"].get(key, "") for score in scores]
        question = known.get(key)
        compared.append(
            Compared(
                id=key,
                text=question.text if question else key,
                answers=tuple(question.words(c) if question else c for c in codes),
                is_equal=len(set(codes)) == 1,
            )
        )
    return Outcome(
        scores=tuple(Score(by=s.by.name, at=s.at, comment=s.comment) for s in scores),
        questions=tuple(compared),
    )


def _of_version(scores: Iterable[ReviewScore], version: str) -> list[dict[str, str]]:
    return [s.answers["answers"] for s in scores if s.answers["version"] == version]


def _agreement(
    key: str, text: str, both: Sequence[Sequence[dict[str, str]]]
) -> Agreement:
    pairs = [
        (first[key], second[key])
        for first, second in both
        if key in first and key in second
    ]
    return Agreement(
        text=text,
        pairs=len(pairs),
        share_equal=share_equal(pairs),
        kappa=cohens_kappa(pairs),
    )


def _feedback(row: Review, titles: Mapping[str, str]) -> Feedback:
    return Feedback(
        id=row.pk,
        contact_id=row.contact_id,
        opened_at=row.contact.opened_at,
        complaint=titles.get(row.contact.complaint, row.contact.complaint),
        hastegrad=row.contact.hastegrad_phone,
        why=str(choices.REVIEW_WHY[Review.Why(row.why)]),
        text=row.feedback,
        by=row.feedback_by.name if row.feedback_by else "",
        at=row.feedback_at or row.drawn_at,
        read_at=row.read_at,
    )
