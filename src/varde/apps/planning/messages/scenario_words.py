"""The parts of a scenario and the measures of a study in words."""

from django.utils.translation import gettext_lazy as _


# What the ready scenarios call their parts. Other names are shown as they are.
NAME = {
    "samtale": _("samtalen"),
    "ring_igjen": _("ringer igjen"),
    "reise": _("reisen til stasjonen"),
    "mottak": _("mottaket"),
    "konsultasjon": _("konsultasjonen"),
    "ny_vurdering": _("ny vurdering"),
    "sykebesok": _("sykebesøket"),
    "utrykning": _("utrykningen"),
    "kad_seng": _("KAD-senga"),
    "video": _("videokonsultasjonen"),
    "raad": _("råd på telefonen"),
    "ferdig": _("ferdig"),
    "fastlege": _("fastlegen neste dag"),
    "sykehus": _("sykehus"),
    "kad": _("utskrevet fra KAD"),
    "la_paa": _("la på for godt"),
    "telefon": _("telefon"),
    "frammote": _("frammøte"),
    "amk": _("AMK"),
    "akutt": _("akutt"),
    "haster": _("haster"),
    "vanlig": _("vanlig"),
    "natt": _("natt"),
    "kveld": _("kveld"),
}
ROLE = {
    "lege": _("lege"),
    "sykepleier": _("sykepleier"),
    "operator": _("operatør"),
    "ambulanse": _("ambulanse"),
    "seng": _("seng"),
}
DAYS = {
    "alle": (_("alle dager"), None),
    "hverdager": (_("mandag–fredag"), ("mon", "tue", "wed", "thu", "fri")),
    "helg": (_("lørdag–søndag"), ("sat", "sun")),
}
FORK = {
    "next": _("går videre til"),
    "gives_up": _("gir opp, og går til"),
    "full": _("er det fullt, til"),
}
SECTION = {
    "demand": _("Hvor mange som tar kontakt"),
    "minutes": _("Minutter hver ting tar"),
    "shares": _("Andeler: hvor pasientene går"),
    "limits": _("Grenser"),
    "roads": _("Veier og vær"),
    "run": _("Kjøringen"),
}
MEASURE = {
    "contacts": _("kontakter"),
    "in_system": _("ikke ferdige ved slutten"),
    "visits": _("antall"),
    "met_busy": _("møtte noen foran seg"),
    "wait": _("ventetid, minutter"),
    "within": _("innen grensen"),
    "gave_up": _("ga opp"),
    "refused": _("avvist, fullt"),
    "missed": _("gikk uten den som skulle vært med"),
    "reached": _("minutter til den første er framme"),
    "doctor": _("minutter til lege"),
    "stay": _("minutter i alt"),
    "busy": _("i arbeid"),
    "outcome": _("antall"),
}
# Each figure, and what it is reckoned from.
FIGURE = {
    "answered": (
        _("Besvart i tide på telefonen"),
        _(
            "Andel av alle som ringte, som fikk svar innen grensen. De som la på, er med."
        ),
    ),
    "hung_up": (_("La på i køen"), _("Andel av oppringningene som ble gitt opp.")),
    "reached": (
        _("Minutter til hjelp, utrykning"),
        _(
            "Fra kontakten kom til den første er framme, ambulansen eller legen. De fleste "
            "akutte er her, og ikke i raden under."
        ),
    ),
    "doctor.akutt": (
        _("Minutter til lege, akutt uten utrykning"),
        _(
            "Bare de som kommer til legen på stasjonen, på sykebesøk eller på video. Fra "
            "kontakten kom til legen er hos dem. Det meste er tida før de reiser og selve "
            "reisen, og den er like lang for alle. I køen er akutt først. Hastegraden er "
            "den de kom med."
        ),
    ),
    "doctor.haster": (
        _("Minutter til lege, haster"),
        _("Som over. De som ventet så lenge at de ble hevet, er med her."),
    ),
    "doctor.vanlig": (_("Minutter til lege, vanlig"), _("Som over.")),
    "seen_in_time": (
        _("Konsultasjon innen grensen"),
        _("Andel som ventet kortere enn grensen for hastegraden etter mottaket."),
    ),
    "conflicts": (
        _("Konflikter i året"),
        _("Utrykninger der legen skulle vært med, men var opptatt."),
    ),
    "conflict_share": (
        _("Konflikter, andel av utrykningene"),
        _("Det samme som andel."),
    ),
    "bed_refused": (
        _("Avvist fra KAD, fullt"),
        _("Andel av dem som skulle hatt ei seng."),
    ),
    "contacts": (
        _("Kontakter i døgnet"),
        _("Bruken faller med avstanden. Behovet faller mindre."),
    ),
    "doctor_work": (
        _("Timer i arbeid for legene, i uka"),
        _("Med pasienter og på vei, alle leger til sammen."),
    ),
    "doctor_hours": (
        _("Timer på vakt for leger, i uka"),
        _("Av vaktene i scenarioet."),
    ),
    "nurse_hours": (
        _("Timer på vakt for sykepleiere, i uka"),
        _("Av vaktene i scenarioet."),
    ),
    "operator_hours": (
        _("Timer på vakt for operatører, i uka"),
        _("Av vaktene i scenarioet."),
    ),
    "far_station": (
        _("Over 60 minutter til stasjonen"),
        _("Andel av innbyggerne, av veiene i scenarioet, uten dårlig vær."),
    ),
    "far_doctor_day": (
        _("Over 60 minutter til lege kl. 12"),
        _("Til nærmeste lege på vakt en tirsdag."),
    ),
    "far_doctor_night": (
        _("Over 60 minutter til lege kl. 3 om natta"),
        _("Til nærmeste lege på vakt en onsdag natt."),
    ),
    "cost": (
        _("Lønn til leger på vakt, kroner i året"),
        _(
            "Satsene for timene på vakt (aktivitetslønn), med avgift og pensjon. Honorarer, "
            "sykepleiere, operatører og ambulanser er ikke med."
        ),
    ),
}
UNKNOWN_COST = {
    "rates": _("En sats for vakt er ikke lagt inn."),
    "social": _("Avgift og pensjon er ikke lagt inn."),
    "site": _("Prisen på video, utstyr og rom på satellitten er ikke lagt inn."),
}
RATE = {
    "social": _("Arbeidsgiveravgift og pensjon"),
    "site": _("Video, utstyr og rom på en satellitt"),
}
UNVERIFIED = _("Noen av satsene er ikke kontrollert mot kilden.")
HOW = (
    _(
        "Hvert scenario kjøres mange ganger med tilfeldige tall. Alle scenarioer får de samme "
        "tallene, så forskjellen mellom dem er scenarioets, og ikke tilfeldighetenes."
    ),
    _(
        "Tallet er snittet av kjøringene. ± er halve bredden av et 95 % intervall. Intervallet "
        "sier hvor nøyaktig simuleringen er, ikke hvor sikre antakelsene er."
    ),
    _(
        "Forskjellen fra det første scenarioet er regnet kjøring for kjøring. Er intervallet "
        "helt over eller helt under null, er forskjellen større enn tilfeldighetene."
    ),
    _(
        "Timer på vakt, timer i arbeid og reisetid er regnet av scenarioet. Lønna er avtalens "
        "satser for timene, med vaktklassen som arbeidet i scenarioet gir."
    ),
    _(
        "Bruken faller med avstanden i scenarioene. Behovet faller mindre enn bruken: færre "
        "kontakter er ikke spart behov."
    ),
)


def name_of(part: str) -> str:
    """A part of a scenario in words; its own name where there are none."""
    return str(NAME.get(part, part))


def first_up(text: str) -> str:
    """With a capital first; the letters after it as they are.

    >>> first_up("mottaket i Bodø")
    'Mottaket i Bodø'
    """
    return text[:1].upper() + text[1:]


def figure_title(code: str) -> str:
    """A main figure in words."""
    if code in FIGURE:
        return str(FIGURE[code][0])
    kind, _dot, part = code.partition(".")
    return f"{MEASURE.get(kind, kind)}, {name_of(part)}"


def figure_how(code: str) -> str:
    """What a main figure is reckoned from."""
    return str(FIGURE[code][1]) if code in FIGURE else ""


def measure_title(code: str) -> str:
    """A measure of the engine in words, as `samtalen: ventetid, minutter`."""
    kind, dot, part = code.partition(".")
    what = str(MEASURE.get(kind, kind))
    return f"{first_up(name_of(part))}: {what}" if dot else first_up(what)


def about_words(about: str) -> str:
    """What an assumption is about, in words."""
    first, *rest = about.split(".")
    parts = [ABOUT.get(first, first), *(ABOUT.get(p, NAME.get(p, p)) for p in rest)]
    return ": ".join(map(str, parts[:2])) + "".join(f", {p}" for p in parts[2:])


ABOUT = {
    "places": _("Steder"),
    "roads": _("Veier"),
    "weather": _("Vær"),
    "factors": _("Ujevne døgn"),
    "streams": _("Kontakter"),
    "people": _("Folk"),
    "steps": _("Trinn"),
    "minutes": _("minutter"),
    "mean": _("i snitt"),
    "sd": _("spredning"),
    "target_min": _("mål for ventetid"),
    "limit_min": _("grense for ny vurdering"),
    "next": _("hvor de går"),
    "shares": _("andeler"),
    "share": _("andel"),
    "half_km": _("avstand som halverer"),
    "inhabitants": _("innbyggere"),
    "per_1000_a_year": _("per 1000 innbyggere"),
}
