"""The rules of competence in use: those that ship with Varde."""

from functools import cache

from varde.apps.records.models import Position, Role
from varde.content import COMPETENCE_FILE, competence_text
from varde.domain.competence.person import Role as OnDuty
from varde.domain.competence.rules import Rulebook
from varde.engines.competence_rules import load


Category = Position.Category
ON_DUTY_AS = {
    Category.FASTLEGE: OnDuty.DOCTOR,
    Category.LIS1: OnDuty.DOCTOR,
    Category.LIS3: OnDuty.DOCTOR,
    Category.VIKAR: OnDuty.DOCTOR,
    Category.LEGEVAKTLEGE: OnDuty.DOCTOR,
    Category.SYKEHJEMSLEGE: OnDuty.DOCTOR,
    Category.KOMMUNEOVERLEGE: OnDuty.DOCTOR,
    Category.NURSE: OnDuty.HEALTH_STAFF,
    Category.PARAMEDIC: OnDuty.HEALTH_STAFF,
    Category.OPERATOR: OnDuty.OPERATOR,
    Category.SECRETARY: OnDuty.SUPPORT,
}
# Where no position is written: by the role that the person logs in with.
BY_ROLE = {
    Role.DOCTOR: OnDuty.DOCTOR,
    Role.NURSE: OnDuty.HEALTH_STAFF,
    Role.OPERATOR: OnDuty.OPERATOR,
    Role.SHIFT_LEADER: OnDuty.OPERATOR,
}


@cache
def rulebook() -> Rulebook:
    """The rules that ship with Varde, read once."""
    return load(competence_text(), filename=COMPETENCE_FILE)
