"""What a doctor on duty does, and why one cannot go, in words."""

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from varde.apps.records.models import Attendance, Conflict, Look
from varde.domain.conflict import Helper, HelpReason, Tier, WhyNot
from varde.domain.doctor_state import DoctorActivity, DoctorState


TIER = {
    Tier.KONSULTASJONSVAKT: _("Konsultasjonsvakt"),
    Tier.BEREDSKAPSVAKT: _("Beredskapsvakt"),
    Tier.BAKVAKT: _("Bakvakt"),
}
STATE = {
    DoctorActivity.UNKNOWN: _("har ikke sagt fra"),
    DoctorActivity.FREE: _("ledig"),
    DoctorActivity.WITH_PATIENT: _("hos pasient"),
    DoctorActivity.ON_PHONE: _("på telefon"),
    DoctorActivity.DRIVING: _("på vei"),
    DoctorActivity.OUT: _("ute"),
    DoctorActivity.RESTING: _("hviler"),
}
NOT_REACHABLE = _("kan ikke nås")
# What a doctor says with one press, in this order.
SAY = {
    DoctorActivity.FREE: _("Ledig"),
    DoctorActivity.ON_PHONE: _("På telefon"),
    DoctorActivity.DRIVING: _("På vei"),
    DoctorActivity.OUT: _("Ute"),
    DoctorActivity.RESTING: _("Hviler"),
}
END = {
    Attendance.End.TREATED: _("Ferdig behandlet"),
    Attendance.End.SENT_ON: _("Sendt videre"),
    Attendance.End.BED: _("Seng"),
    Attendance.End.ADVICE: _("Råd var nok"),
    Attendance.End.LEFT: _("Gikk før tilsyn"),
}
LOOK = {
    Look.Result.SAME: _("som før"),
    Look.Result.BETTER: _("bedre"),
    Look.Result.WORSE: _("verre"),
    Look.Result.TRIAGED: _("hastegrad satt"),
}
ON_OXYGEN, ON_AIR = _("oksygen"), _("luft")
HELPER = {
    Helper.BEREDSKAPSVAKT: _("Beredskapsvakt"),
    Helper.KONSULTASJONSVAKT: _("Konsultasjonsvakt"),
    Helper.BAKVAKT: _("Bakvakt"),
    Helper.NEIGHBOUR_STATION: _("Nabolegevakt"),
    Helper.AMBULANCE: _("Ambulanse"),
    Helper.AMK: _("AMK"),
}
HELP_REASON = {
    HelpReason.FREE: _("ledig"),
    HelpReason.CAN_LEAVE: _("kan gå fra det de gjør"),
    HelpReason.CAN_BE_WOKEN: _("kan vekkes"),
    HelpReason.CAN_BE_CALLED_BACK: _("kan kalles tilbake"),
    HelpReason.BOUND_ASK: _("opptatt, spør om de kan komme"),
    HelpReason.UNKNOWN_ASK: _("ukjent, spør"),
    HelpReason.SAYS_AVAILABLE: _("sier de kan"),
    HelpReason.ALWAYS_ANSWERS: _("svarer alltid"),
}
WHY_NOT = {
    WhyNot.STATE_UNKNOWN: _("har ikke sagt fra, eller kan ikke nås"),
    WhyNot.BOUND: _("var opptatt"),
    WhyNot.REST_IS_KEPT: _("hvilte"),
    WhyNot.NO_TIME_STATED: _("var på vei, uten kjent tid"),
    WhyNot.TOO_LATE: _("ville kommet for sent"),
    WhyNot.SPOKEN_FOR: _("måtte ta en annen først"),
}
SOLVED = {
    Conflict.Solved.DOCTOR_TOOK: _("En lege tok pasienten"),
    Conflict.Solved.NEED_IS_OVER: _("Behovet falt bort"),
    Conflict.Solved.SECOND_TIER: _("Den andre legen på vakt kom"),
    Conflict.Solved.BAKVAKT: _("Bakvakt kom"),
    Conflict.Solved.NEIGHBOUR: _("Nabolegevakt hjalp"),
    Conflict.Solved.AMBULANCE: _("Ambulanse tok over"),
    Conflict.Solved.AMK: _("AMK tok over"),
    Conflict.Solved.OTHER: _("På en annen måte"),
}


def state_text(state: DoctorState, *, is_reachable: bool) -> str:
    """What the doctor does and since when: «hos pasient (2) siden 01:12»."""
    if not is_reachable:
        return str(NOT_REACHABLE)
    text = str(STATE[state.activity])
    patients = sum(d.activity is DoctorActivity.WITH_PATIENT for d in state.doing)
    if state.activity is DoctorActivity.WITH_PATIENT and patients > 1:
        text = gettext("hos pasient (%(n)s)") % {"n": patients}
    if state.since is None:
        return text
    return gettext("%(what)s siden %(time)s") % {
        "what": text,
        "time": f"{timezone.localtime(state.since):%H:%M}",
    }
