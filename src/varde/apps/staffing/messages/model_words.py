"""The words of staffing models side by side, by code."""

from django.utils.translation import gettext_lazy as _

from varde.domain.pay.tariff import ContactKind
from varde.domain.rota.rules.breach import RotaRule
from varde.engines.staffing_models.values import Item


TODAYS_ROTA = _("Dagens vaktplan")
GROUP = {
    "fastlege": _("fastleger"),
    "lege": _("leger"),
    "lis1": _("LIS1"),
    "vaktlege": _("vaktleger"),
    "fast": _("faste leger"),
    "vikar": _("vikarer"),
    "sykepleier": _("sykepleiere"),
    "mannskap": _("ambulansemannskap"),
}
PRICE = {
    "position": _("Lønn for en hel stilling, kroner i året"),
    "day_income": _("Inntekt av dagarbeidet i en hel stilling, kroner i året"),
    "social": _("Arbeidsgiveravgift og pensjon, prosent av lønn"),
    "substitute_day": _("Fast vikar, kroner i døgnet"),
    "travel": _("Reise og bolig for vikar, kroner hvert opphold"),
    "hourly": _("Sykepleier på satellitt, kroner i timen"),
    "site": _("Video, utstyr og rom på en satellitt, kroner i året"),
}
ITEM = {
    Item.DUTY_PAY: _("Lønn for vakt"),
    Item.POSITIONS: _("Hele stillinger"),
    Item.SUBSTITUTE: _("Fast vikar"),
    Item.TRAVEL: _("Reise og bolig for vikar"),
    Item.HOURLY: _("Timelønn"),
    Item.OTHER_PAYS: _("Lønnes av helseforetaket"),
    Item.VACANT: _("Ledige vakter, dekket av vikar"),
    Item.SOCIAL: _("Arbeidsgiveravgift og pensjon"),
    Item.SITES: _("Satellitter: video, utstyr, rom"),
    Item.FEES: _("Honorar til kommunen"),
    Item.DAY_INCOME: _("Inntekt av dagarbeidet"),
}
UNIT = {
    Item.DUTY_PAY: _("timer"),
    Item.POSITIONS: _("stillinger"),
    Item.SUBSTITUTE: _("døgn"),
    Item.TRAVEL: _("opphold"),
    Item.HOURLY: _("timer"),
    Item.OTHER_PAYS: _("timer"),
    Item.VACANT: _("døgn"),
    Item.SITES: _("satellitter"),
    Item.DAY_INCOME: _("stillinger"),
}
# Why a line is unknown: what is missing.
MISSING = {
    Item.DUTY_PAY: _(
        "Lønn for vakt er ukjent: vaktklassen kan ikke regnes (minutter per kontakt eller "
        "kontakter mangler), eller en sats mangler."
    ),
    Item.POSITIONS: _("Lønna for en hel stilling er ikke skrevet inn."),
    Item.SUBSTITUTE: _("Prisen for fast vikar er ikke skrevet inn."),
    Item.TRAVEL: _("Reise og bolig for vikaren er ikke skrevet inn."),
    Item.HOURLY: _("Timelønna for sykepleierne er ikke skrevet inn."),
    Item.VACANT: _("Vakter er ledige, og prisen for vikar er ikke skrevet inn."),
    Item.SOCIAL: _("Lønn, eller andelen for avgift og pensjon, er ikke kjent."),
    Item.SITES: _("Kostnaden for en satellitt er ikke skrevet inn."),
    Item.FEES: _(
        "Honorarene er ukjente: kontaktene er ikke målt, eller honoraret for sykebesøk "
        "er ikke skrevet inn."
    ),
    Item.DAY_INCOME: _(
        "Det dagarbeidet i stillingene gir kommunen, er ikke skrevet inn. Kostnaden er "
        "derfor for høy med så mye."
    ),
}
CONTACT = {
    ContactKind.CONSULTATION: _("konsultasjoner"),
    ContactKind.HOME_VISIT: _("sykebesøk"),
}
# Rules, named shortly: what is counted in a table.
RULE = {
    RotaRule.ONLY_IN_A_POST_THAT_ONE_HOLDS: _("Vakt uten stilling for den"),
    RotaRule.NO_TWO_DUTIES_AT_ONCE: _("To vakter på en gang"),
    RotaRule.NO_DUTY_WHILE_AWAY: _("Vakt i fravær"),
    RotaRule.NO_NIGHT_WHEN_EXEMPT: _("Natt tross fritak"),
    RotaRule.ONLY_WITHIN_OWN_PERIODS: _("Vakt utenom egne perioder"),
    RotaRule.A_WHOLE_GROUP_BY_ONE_PERSON: _("Vakter som hører sammen, delt"),
    RotaRule.NEVER_ALONE_WHERE_NOT_COMPETENT: _("Alene uten å oppfylle kravet"),
    RotaRule.BACKUP_MAY_WORK_ALONE: _("Bakvakt som ikke oppfyller kravet"),
    RotaRule.LIS1_HAS_AN_EXPERIENCED_COLLEAGUE: _(
        "LIS1 uten erfaren kollega til stede"
    ),
    RotaRule.SECOND_TIER_IS_THERE: _("Andre vaktsjikt mangler"),
    RotaRule.LVS_MINIMUM_IS_THERE: _("For få operatører"),
    RotaRule.NEED_IS_MET: _("Behovet er ikke dekket"),
    RotaRule.ENOUGH_REST_EVERY_DAY: _("Døgnhvile kortere enn kravet"),
    RotaRule.ENOUGH_REST_EVERY_WEEK: _("Ukehvile kortere enn kravet"),
    RotaRule.HOURS_OF_A_DAY_ARE_KEPT: _("For mange timer i døgnet"),
    RotaRule.HOURS_OF_A_WEEK_ARE_KEPT: _("For mange timer i ei uke"),
    RotaRule.HOURS_ON_AVERAGE_ARE_KEPT: _("For mange timer i snitt"),
    RotaRule.SUNDAYS_ARE_FREE: _("For få frie søndager"),
    RotaRule.NIGHTS_IN_A_ROW_ARE_FEW: _("For mange netter på rad"),
    RotaRule.DAYS_BETWEEN_DUTIES: _("For kort mellom vaktene"),
}
POST = {"satellitt": _("satellitt"), "ambulanse": _("ambulanse")}
UNVERIFIED = _(
    "Noen av satsene og prisene er ikke kontrollert. Se kildene nederst, og sett stedets "
    "egne før tallene brukes."
)
HOW = (
    _(
        "Planen er laget uke for uke med like deler for dem som deler vakta. Ferie og "
        "sykdom er ikke med: de andre dekker dem."
    ),
    _(
        "Kontaktene er et snitt av det som er målt for hver time på hverdag, helg og "
        "helligdag. Honorar og aktive timer er forventede verdier. Bakvakt er regnet uten "
        "kontakter."
    ),
    _(
        "Vaktklassen følger av de aktive minuttene, eller er den avtalte. Ledige vakter "
        "koster som vikar. Avgift og pensjon legges på lønn, ikke på det et byrå får."
    ),
    _(
        "Der lønna er fast, går honoraret til kommunen. Dagarbeidet til næringsdrivende "
        "fastleger er ikke med på noen side."
    ),
    _(
        "Timene i uka er dagarbeid og vakt, hver time én gang. Bakvakt hjemme teller "
        "fullt. Hver n-te hverdag, helg og natt er uten bakvakt."
    ),
)
