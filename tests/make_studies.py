"""A station with a planner, and studies of scenarios that are short enough to run at once."""

from django.utils import timezone

from tests import make
from varde.apps.planning import jobs
from varde.apps.planning.queries import studies as query
from varde.apps.planning.scenarios import trees
from varde.apps.planning.services import studies
from varde.apps.records.models import ScenarioStudy
from varde.apps.staffing.access import Workplace


NOW = make.NOW


class House:
    """A station with somebody who plans and somebody who only looks."""

    def __init__(self):
        make.settings()
        self.sentral = make.sentral()
        self.station = make.station()
        self.planner = make.user(
            "planner", roles=["legevaktoverlege"], at=self.station, first_name="Olga"
        )
        self.overseer = make.user(
            "kommune", roles=["kommuneoverlege"], at=self.station.district
        )
        self.workplace = Workplace.of_station(self.station, sentraler=[self.sentral.pk])

    def who(self, at=NOW):
        return {"workplace": self.workplace, "by": self.planner, "at": at}


def short(name, *, days=6, **more):
    """A ready scenario of some days."""
    return trees.text_of(trees.ready_tree(name) | {"days": days, "warm_up_days": 1} | more)  # fmt: skip


def draft(house, *names, replications=4, at=NOW):
    texts = [(short(name), short(name)) for name in names or ("idag", "satellitt-natt")]
    return studies.make_study(
        name="Til styret", seed=7, replications=replications, texts=texts, **house.who(at)
    )  # fmt: skip


def started(house, *names, **more):
    row = draft(house, *names, **more)
    grounds = query.cost_grounds(house.workplace, on=timezone.localdate(NOW))
    studies.start(study_id=row.pk, cost_grounds=grounds, **house.who())
    row.refresh_from_db()
    return row


def done(house, *names, **more):
    row = started(house, *names, **more)
    jobs.run_study(row.pk)
    row.refresh_from_db()
    assert row.state == "done", row.state
    return row


def one_of_each():
    """The ids of a study that is done and of a scenario of it."""
    row = done(House(), "idag", replications=1)
    assert ScenarioStudy.objects.count() == 1
    return {"study": row.pk, "scenario": row.scenarios.get().pk}
