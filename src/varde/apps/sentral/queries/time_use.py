"""How long each step of a contact takes, from its events (requirement G8)."""

from dataclasses import dataclass

from django.db import connection

from varde.apps.records.events import Happened
from varde.apps.records.models import Sentral
from varde.apps.sentral.queries.numbers import Period


# A step ends when the first event of its kind happens; it began when the step before it
# ended, whatever the order in which the operator took them.
STEPS: dict[str, tuple[str, ...]] = {
    "opened": (Happened.OPENED,),
    "patient": (Happened.PATIENT_CHOSEN, Happened.PATIENT_MADE),
    "triage": (Happened.ASSESSED,),
    "outcome": (Happened.OUTCOME_ADDED,),
    "reason": (Happened.REASON_SET,),
    "close": (Happened.CLOSED,),
}

QUERY = """
WITH milestone AS (
  SELECT e.contact_id, s.step, min(e.occurred_at) AS at
  FROM records_contactevent e
  JOIN records_contact c ON c.id = e.contact_id
  JOIN unnest(%s::text[], %s::text[]) AS s(kind, step) ON s.kind = e.kind
  WHERE c.sentral_id = %s AND c.opened_at >= %s AND c.opened_at < %s
    AND c.state = 'closed'
  GROUP BY e.contact_id, s.step
), step AS (
  SELECT step, extract(epoch FROM at - lag(at) OVER (
    PARTITION BY contact_id ORDER BY at, step = 'close', step)) AS seconds
  FROM milestone
)
SELECT step, count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds),
       percentile_cont(0.9) WITHIN GROUP (ORDER BY seconds)
FROM step WHERE seconds IS NOT NULL AND step <> 'opened' GROUP BY step
"""


@dataclass(frozen=True, slots=True)
class StepTime:
    """One step of the closed contacts of a period. None where nobody took it."""

    step: str
    contacts: int
    median_s: float | None
    p90_s: float | None


def step_times(sentral: Sentral, period: Period) -> tuple[StepTime, ...]:
    """Seconds spent in each step, for the closed contacts opened in a period.

    A contact that lacks a step adds nothing to that step. Contacts put in afterwards
    count with the times when things happened, not when they were written.
    """
    pairs = [(kind, step) for step, kinds in STEPS.items() for kind in kinds]
    with connection.cursor() as cursor:
        cursor.execute(
            QUERY,
            [
                [kind for kind, _ in pairs],
                [step for _, step in pairs],
                sentral.pk,
                period.begins_at,
                period.ends_at,
            ],
        )
        found = {step: rest for step, *rest in cursor.fetchall()}
    return tuple(
        StepTime(step, *found.get(step, (0, None, None)))
        for step in STEPS
        if step != "opened"
    )
