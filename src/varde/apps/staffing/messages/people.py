"""What the pages about people call things."""

from django.utils.translation import gettext_lazy as _

from varde.apps.records.models import (
    BakvaktDecision,
    Position,
    PracticeTime,
    VikarApproval,
    VikarDuty,
)


CATEGORY = {
    Position.Category.FASTLEGE: _("Fastlege"),
    Position.Category.LIS1: _("LIS1"),
    Position.Category.LIS3: _("LIS3 (ALIS)"),
    Position.Category.VIKAR: _("Vikar"),
    Position.Category.LEGEVAKTLEGE: _("Legevaktlege"),
    Position.Category.SYKEHJEMSLEGE: _("Sykehjemslege"),
    Position.Category.KOMMUNEOVERLEGE: _("Kommuneoverlege"),
    Position.Category.NURSE: _("Sykepleier"),
    Position.Category.OPERATOR: _("Operatør"),
    Position.Category.PARAMEDIC: _("Ambulansearbeider"),
    Position.Category.SECRETARY: _("Sekretær"),
}
LAW = {
    Position.Law.AML: _("Arbeidsmiljøloven"),
    Position.Law.SFS2305: _("SFS 2305 (leger)"),
}
WORK = {
    PracticeTime.Work.PRACTICE: _("Fastlegepraksis"),
    PracticeTime.Work.MUNICIPAL: _("Kommunalt legearbeid"),
}
WEEKDAY = (
    _("mandag"),
    _("tirsdag"),
    _("onsdag"),
    _("torsdag"),
    _("fredag"),
    _("lørdag"),
    _("søndag"),
)
MODE = {
    BakvaktDecision.Mode.PHONE: _("Bakvakt på telefon er nok"),
    BakvaktDecision.Mode.CAN_ATTEND: _("Bakvakt må kunne møte opp"),
}
APPROVAL = {
    VikarApproval.State.ASKED: _("Venter på svar"),
    VikarApproval.State.APPROVED: _("Godkjent"),
    VikarApproval.State.REFUSED: _("Avslått"),
}
WHY_VIKAR = {
    VikarDuty.Why.VACANCY: _("Ledig stilling"),
    VikarDuty.Why.SICKNESS: _("Sykdom"),
    VikarDuty.Why.HOLIDAY: _("Ferie"),
    VikarDuty.Why.LEAVE: _("Permisjon"),
    VikarDuty.Why.EXEMPTION: _("Fritak fra vakt"),
    VikarDuty.Why.AGREED: _("Fast avtale"),
    VikarDuty.Why.OTHER: _("Annet"),
}
ON_DUTY_AS = {
    "doctor": _("Lege"),
    "health_staff": _("Helsepersonell"),
    "operator": _("Operatør"),
    "support": _("Annen ansatt"),
}
