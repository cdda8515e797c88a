"""What the codes of a mission are called."""

from django.utils.translation import gettext_lazy as _

from varde.apps.records.models import LoneAlarm, Mission, MissionPress, Vehicle
from varde.domain.mission import Doubt, Leg


LEG = {
    Leg.ALARMED: _("Varslet"),
    Leg.LEFT: _("Rykket ut"),
    Leg.AT_SCENE: _("Framme"),
    Leg.WITH_PATIENT: _("Hos pasienten"),
    Leg.LEFT_SCENE: _("Forlatt stedet"),
    Leg.FREE: _("Ledig"),
}
# What stands on the button.
PRESS = {
    Leg.ALARMED: _("Varslet"),
    Leg.LEFT: _("Rykker ut"),
    Leg.AT_SCENE: _("Framme"),
    Leg.WITH_PATIENT: _("Hos pasienten"),
    Leg.LEFT_SCENE: _("Forlater stedet"),
    Leg.FREE: _("Ledig"),
    MissionPress.What.SIGN: _("Livstegn"),
}
DOUBT = {
    Doubt.CLOCK_WRONG: _("Klokka på telefonen gikk feil. Tida er rettet etter vår."),
    Doubt.AHEAD: _("Trykket kom med en tid som ikke har vært ennå."),
    Doubt.BEFORE_MISSION: _("Tida er før oppdraget startet."),
}
RESULT = {
    Mission.Result.TREATED: _("Behandlet på stedet"),
    Mission.Result.TO_STATION: _("Tatt med til legevakta"),
    Mission.Result.TO_HOSPITAL: _("Innlagt"),
    Mission.Result.AMBULANCE: _("Overtatt av ambulanse"),
    Mission.Result.NOBODY_THERE: _("Ingen til stede"),
    Mission.Result.DEAD: _("Død"),
    Mission.Result.CALLED_OFF: _("Avlyst: ingen kom til pasienten"),
}
AVOIDED = {
    Mission.Avoided.ADMISSION: _("Innleggelse"),
    Mission.Avoided.AMBULANCE: _("Ambulanse"),
    Mission.Avoided.BOTH: _("Innleggelse og ambulanse"),
    Mission.Avoided.NEITHER: _("Ingen av delene"),
    Mission.Avoided.UNKNOWN: _("Vet ikke"),
}
FOUND = {
    LoneAlarm.Found.SAFE: _("Alt er i orden"),
    LoneAlarm.Found.HELP_SENT: _("Hjelp er sendt"),
    LoneAlarm.Found.POLICE: _("Politiet er varslet"),
}
VEHICLE_KIND = {
    Vehicle.Kind.LEGEVAKTBIL: _("Legevaktbil"),
    Vehicle.Kind.CAR: _("Vanlig bil"),
    Vehicle.Kind.BOAT: _("Båt"),
    Vehicle.Kind.OTHER: _("Annet"),
}
