"""Threats and violence in words."""

from django.utils.translation import gettext_lazy as _

from varde.apps.records.models import SafetyAccount, SafetyCall, SafetyIncident


KIND = {
    SafetyIncident.Kind.THREAT: _("Trussel"),
    SafetyIncident.Kind.VIOLENCE: _("Vold"),
}
WHERE = {
    SafetyIncident.Where.COUNTER: _("Skranken"),
    SafetyIncident.Where.WAITING_ROOM: _("Venterommet"),
    SafetyIncident.Where.TREATMENT_ROOM: _("Behandlingsrom"),
    SafetyIncident.Where.CORRIDOR: _("Gangen"),
    SafetyIncident.Where.OUTSIDE: _("Utenfor"),
    SafetyIncident.Where.CAR: _("Bilen"),
    SafetyIncident.Where.HOME: _("Hjemme hos pasient"),
    SafetyIncident.Where.TELEPHONE: _("Telefonen"),
}
END = {
    SafetyIncident.End.SAFE: _("Faren er over"),
    SafetyIncident.End.MISTAKE: _("Trykket ved en feil"),
}
CALLED = {
    SafetyCall.Called.POLICE: _("Politi"),
    SafetyCall.Called.FIRE: _("Brannvesen"),
    SafetyCall.Called.COLLEAGUE: _("Kollega"),
    SafetyCall.Called.AMK: _("AMK"),
    SafetyCall.Called.GUARD: _("Vekter"),
    SafetyCall.Called.LEADER: _("Leder"),
}
INJURED = {
    SafetyAccount.Injured.NOBODY: _("Ingen skadd"),
    SafetyAccount.Injured.SOMEBODY: _("Noen ble skadd"),
    SafetyAccount.Injured.UNKNOWN: _("Ikke kjent"),
}
