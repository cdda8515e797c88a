"""What the station says in words."""

from django.utils.translation import gettext_lazy as _

from varde.apps.records.models import Attendance, Look


LOOK = {
    Look.Result.SAME: _("Uendret"),
    Look.Result.BETTER: _("Bedre"),
    Look.Result.WORSE: _("Verre"),
    Look.Result.TRIAGED: _("Hastegrad satt"),
}
WAY = {
    Attendance.Way.EXPECTED: _("Ventet"),
    Attendance.Way.WALK_IN: _("Kom selv"),
    Attendance.Way.AMBULANCE: _("Ambulanse"),
    Attendance.Way.POLICE: _("Politi"),
}
END = {
    Attendance.End.TREATED: _("Behandlet"),
    Attendance.End.LEFT: _("Gikk før tilsyn"),
    Attendance.End.SENT_ON: _("Sendt videre"),
    Attendance.End.BED: _("Lagt i seng"),
    Attendance.End.ADVICE: _("Råd av sykepleier"),
}
