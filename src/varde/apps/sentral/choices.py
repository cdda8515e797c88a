"""The words of the desk's lists, in the order in which they are shown."""

from django.utils.translation import gettext_lazy as _

from varde.apps.records.models import Patient, Review
from varde.apps.sentral.messages import HASTEGRAD
from varde.domain.hastegrad import PHONE


RELATIONS = [
    ("", "–"),
    ("self", _("Pasienten selv")),
    ("mother", _("Mor")),
    ("father", _("Far")),
    ("child", _("Sønn eller datter")),
    ("partner", _("Ektefelle eller samboer")),
    ("relative", _("Annen slektning")),
    ("bystander", _("Tilfeldig til stede")),
    ("home_care", _("Hjemmetjenesten")),
    ("nursing_home", _("Sykehjem")),
    ("health", _("Annet helsepersonell")),
    ("amk", _("AMK")),
    ("police", _("Politiet")),
    ("alarm", _("Trygghetsalarm")),
    ("other", _("Andre")),
]
YES_NO = [("", _("Ikke kjent")), ("no", _("Nei")), ("yes", _("Ja"))]
YES_NO_NOT_ASKED = [("", _("Ikke spurt")), *YES_NO[1:]]
LANGUAGES = [
    _("norsk"),
    _("engelsk"),
    _("polsk"),
    _("ukrainsk"),
    _("arabisk"),
    _("tigrinja"),
    _("somali"),
    _("russisk"),
    _("litauisk"),
    _("dari"),
    _("tyrkisk"),
    _("kurdisk"),
    _("spansk"),
    _("thai"),
    _("nordsamisk"),
    _("sørsamisk"),
    _("lulesamisk"),
    _("tegnspråk"),
]
PHONE_LEVELS = [{"code": code, "title": HASTEGRAD[code]} for code in PHONE.codes]
ACVPU = [
    ("A", _("A – våken")),
    ("C", _("C – nyoppstått forvirring")),
    ("V", _("V – svarer på tiltale")),
    ("P", _("P – svarer på smerte")),
    ("U", _("U – svarer ikke")),
]
CHOOSE_CRITERION = _(
    "Kryss av det som passer, eller velg hastegraden selv. Ingenting er lagret ennå."
)
CONTACTS = _("Kontakter")
SHARE_ADVICE = _("Andel som endte i råd")
SHARE_ANSWERED = _("Andel besvart innen to minutter")
SEX = {
    Patient.Sex.MAN: _("mann"),
    Patient.Sex.WOMAN: _("kvinne"),
    Patient.Sex.UNSPECIFIED: _("kjønn ikke oppgitt"),
}
REVIEW_WHY = {
    Review.Why.RANDOM: _("Tilfeldig"),
    Review.Why.REPEAT: _("Gjentatt kontakt"),
    Review.Why.UPGRADED: _("Senere mer alvorlig"),
}
