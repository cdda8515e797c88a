"""Review of contacts: drawn by lot and by sign, scored by two, told to the operator.

A draw writes its seed in the log, so that anybody can make it again. A reviewer never
judges work that she took part in, and neither of the two sees the other's answers before
giving her own (`queries.review`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from varde.apps.records import audit, settings
from varde.apps.records.models import Contact, Review, ReviewScore, Sentral, User
from varde.apps.sentral.queries import review as queries
from varde.apps.sentral.queries.review_pool import Pool, pool
from varde.apps.sentral.services.contacts.values import Why, not_valid, plain
from varde.domain.errors import Rule, RuleBroken
from varde.domain.review import drawn_at_random


MOST_DAYS = 31  # ours: a month at a time keeps the list one that two people can finish
LONGEST = 4000  # characters
SEED_BYTES = 6  # fits in a JSON number without loss


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What a draw did: how many it drew from, and how many were new, by why."""

    contacts: int
    random: int
    repeat: int
    upgraded: int
    seed: int

    @property
    def new(self) -> int:
        """All that were put on the list."""
        return self.random + self.repeat + self.upgraded


@transaction.atomic
def draw(
    *, sentral: Sentral, first: date, until: date, by: User | None, at: datetime
) -> Drawn:
    """Put the contacts of a period on the list of reviews, `until` not included.

    A random share by the setting `review.random_share`, every repeated contact, and every
    one that was upgraded later. A contact that is both is kept as random, so that the
    random ones stay a fair sample of all. A contact is drawn once, however often the
    period is drawn again: only what has come since then is added.

    Raises `RuleBroken` (REVIEW_PERIOD_NOT_VALID: most_days) for a period that is empty,
    too long, or not over.
    """
    days = (until - first).days
    if not 1 <= days <= MOST_DAYS or until > timezone.localdate(at):
        raise RuleBroken(Rule.REVIEW_PERIOD_NOT_VALID, most_days=str(MOST_DAYS))
    # Two who draw at the same time come one after the other.
    Sentral.objects.select_for_update().get(pk=sentral.pk)
    share = settings.value(
        "review.random_share", on=first, district_id=sentral.host_district_id
    )
    seed = _seed(sentral, first=first, until=until)
    found = pool(sentral, first=first, until=until)
    lot = drawn_at_random(found.districts, share=share, seed=seed)
    new = _put_on_list(sentral, found, lot=lot, at=at)
    result = Drawn(contacts=len(found.districts), seed=seed, **new)
    audit.log(
        what="review_drawn",
        by=by,
        at=at,
        district_id=sentral.host_district_id,
        table="records_sentral",
        row_id=sentral.pk,
        purpose="",
        data={
            "first": first.isoformat(),
            "until": until.isoformat(),
            "share": share,
            "seed": seed,
            "contacts": result.contacts,
            **new,
        },
    )
    return result


@transaction.atomic
def score(
    *,
    review_id: int,
    answers: Mapping[str, str],
    comment: str,
    by: User,
    at: datetime,
) -> ReviewScore:
    """Give one's answers to every question. They are given once and never changed.

    Raises `RuleBroken`: REVIEW_OF_OWN_WORK, REVIEW_NEEDS_ANOTHER_REVIEWER (one who has
    scored it), REVIEW_IS_SCORED (by two others), REVIEW_ANSWERS_MISSING (count),
    FIELD_NOT_VALID (comment).
    """
    review = _locked(review_id)
    _refuse_own_work(review, by)
    scorers = set(review.scores.values_list("by_id", flat=True))
    if by.pk in scorers:
        raise RuleBroken(Rule.REVIEW_NEEDS_ANOTHER_REVIEWER)
    if len(scorers) >= queries.REVIEWERS_NEEDED:
        raise RuleBroken(Rule.REVIEW_IS_SCORED)
    asked = queries.questions()
    missing = asked.faults(answers)
    if missing:
        raise RuleBroken(Rule.REVIEW_ANSWERS_MISSING, count=str(len(missing)))
    row = ReviewScore.objects.create(
        review=review,
        district_id=review.district_id,
        by=by,
        answers={
            "version": asked.version,
            "answers": {q.id: answers[q.id] for q in asked.questions},
        },
        comment=plain("comment", comment, longest=LONGEST),
        at=at,
    )
    _log("review_scored", review, by=by, at=at)
    return row


@transaction.atomic
def give_feedback(*, review_id: int, text: str, by: User, at: datetime) -> Review:
    """Tell the operator what the two found. Written once.

    Raises `RuleBroken`: REVIEW_OF_OWN_WORK, REVIEW_NOT_SCORED (by two),
    CHANGED_BY_ANOTHER (by, at) where feedback is given already, FIELD_NOT_VALID (comment).
    """
    review = _locked(review_id)
    _refuse_own_work(review, by)
    if review.scores.count() < queries.REVIEWERS_NEEDED:
        raise RuleBroken(Rule.REVIEW_NOT_SCORED)
    if review.feedback_at is not None:
        name = review.feedback_by.name if review.feedback_by else ""
        given = review.feedback_at.isoformat()
        raise RuleBroken(Rule.CHANGED_BY_ANOTHER, by=name, at=given)
    review.feedback = plain("comment", text, longest=LONGEST)
    if not review.feedback:
        raise not_valid("comment", Why.EMPTY)
    review.feedback_by, review.feedback_at = by, at
    review.save(update_fields=["feedback", "feedback_by", "feedback_at"])
    _log("review_feedback", review, by=by, at=at)
    return review


@transaction.atomic
def mark_read(*, review_id: int, by: User, at: datetime) -> Review:
    """The operator has read the feedback. The first time is kept.

    The door (`queries.review.feedback_for`) has made sure that it is hers.
    """
    review = _locked(review_id)
    if review.read_at is None:
        review.read_at = at
        review.save(update_fields=["read_at"])
        _log("review_read", review, by=by, at=at)
    return review


def _seed(sentral: Sentral, *, first: date, until: date) -> int:
    """The seed of a period: the same each time, and not known beforehand to anybody.

    It follows from the installation's secret, so that no list of used seeds is searched.
    """
    key = f"{sentral.code} {first} {until}"
    digest = salted_hmac("varde.review", key, algorithm="sha256").digest()
    return int.from_bytes(digest[:SEED_BYTES])


def _put_on_list(
    sentral: Sentral, found: Pool, *, lot: frozenset[int], at: datetime
) -> dict[str, int]:
    wanted = dict.fromkeys(found.repeated, Review.Why.REPEAT)
    wanted |= dict.fromkeys(found.upgraded, Review.Why.UPGRADED)
    wanted |= dict.fromkeys(lot, Review.Why.RANDOM)
    there = set(
        Review.objects.filter(contact__in=wanted).values_list("contact_id", flat=True)
    )
    new = [
        Review(
            contact_id=contact_id,
            district_id=found.districts[contact_id],
            sentral=sentral,
            why=why,
            drawn_at=at,
        )
        for contact_id, why in sorted(wanted.items())
        if contact_id not in there
    ]
    Review.objects.bulk_create(new)
    return {str(why): sum(row.why == why for row in new) for why in Review.Why.values}


def _locked(review_id: int) -> Review:
    return (
        Review.objects.select_for_update(of=("self",))
        .select_related("contact", "feedback_by")
        .get(pk=review_id)
    )


def _refuse_own_work(review: Review, by: User) -> None:
    if Contact.objects.filter(queries.own_work(by), pk=review.contact_id).exists():
        raise RuleBroken(Rule.REVIEW_OF_OWN_WORK)


def _log(what: str, review: Review, *, by: User, at: datetime) -> None:
    audit.log(
        what=what,
        by=by,
        at=at,
        district_id=review.district_id,
        patient_id=review.contact.patient_id,
        contact_id=review.contact_id,
        table="records_review",
        row_id=review.pk,
        purpose="COC",
    )
