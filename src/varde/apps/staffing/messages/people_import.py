"""What is wrong with a sheet, cell by cell."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from varde.engines.sheet_rows import CellFault, Fault, RowsRefused


WHY = {
    CellFault.EMPTY: gettext_lazy("må fylles ut."),
    CellFault.TOO_LONG: gettext_lazy("teksten er for lang."),
    CellFault.NOT_A_CHOICE: gettext_lazy(
        "er ikke noe vi kjenner. Se lista over stillinger."
    ),
    CellFault.NOT_A_PERCENTAGE: gettext_lazy("skriv prosent over 0 og opptil 100."),
    CellFault.NOT_A_DATE: gettext_lazy("datoen finnes ikke. Skriv 31.01.2026."),
    CellFault.BEFORE_THE_FIRST: gettext_lazy("er før «fra»."),
    CellFault.NOT_A_NUMBER: gettext_lazy("HPR-nummeret har sju til ni siffer."),
    CellFault.HPR_TAKEN: gettext_lazy(
        "HPR-nummeret er ført på en annen. Bruk brukernavnet til den som alt er ført."
    ),
    CellFault.NOT_TEXT: gettext_lazy("har et tegn som ikke er tekst."),
    CellFault.TWICE: gettext_lazy("står to ganger."),
    CellFault.NAME_DIFFERS: gettext_lazy(
        "brukernavnet er ført på et annet navn. Rett navnet, eller velg et annet "
        "brukernavn."
    ),
    CellFault.POSITION_DIFFERS: gettext_lazy(
        "stillingen er ført på en annen måte i disse dagene. Endre den på personens side."
    ),
    CellFault.WORKS_ELSEWHERE: gettext_lazy(
        "brukernavnet tilhører en som arbeider et annet sted."
    ),
    CellFault.MUNICIPALITY_UNKNOWN: gettext_lazy("kommunen finnes ikke hos oss."),
    CellFault.COLUMN_MISSING: gettext_lazy("kolonnen mangler."),
    CellFault.COLUMN_UNKNOWN: gettext_lazy("kolonnen er ikke kjent."),
    CellFault.NO_ROWS: gettext_lazy("Arket har ingen rader under overskriftene."),
    CellFault.TOO_MANY_ROWS: gettext_lazy("Arket har for mange rader."),
    CellFault.NOT_A_USERNAME: gettext_lazy("bruk bokstaver, tall og @ . + - _"),
    CellFault.IN_THE_FUTURE: gettext_lazy("dagen er ikke kommet ennå."),
    CellFault.PERSON_UNKNOWN: gettext_lazy(
        "ingen med dette navnet eller brukernavnet har stilling her i perioden."
    ),
    CellFault.PERSON_UNCLEAR: gettext_lazy(
        "flere her har dette navnet. Skriv brukernavnet."
    ),
    CellFault.POST_UNKNOWN: gettext_lazy("er ikke en vakt vi kjenner. Se lista."),
    CellFault.POST_NOT_HELD: gettext_lazy(
        "personens stilling gir ikke denne vakta. Rett stillingen, eller velg en annen."
    ),
    CellFault.SHIFT_UNKNOWN: gettext_lazy(
        "skiftet finnes ikke i vaktmønstrene for denne vakta denne dagen."
    ),
    CellFault.SHIFT_UNCLEAR: gettext_lazy(
        "flere skift har dette navnet denne dagen. Skriv fra og til."
    ),
    CellFault.SHIFT_DIFFERS: gettext_lazy(
        "skiftet har andre klokkeslett enn «fra» og «til». Fjern det ene."
    ),
    CellFault.NOT_A_CLOCK: gettext_lazy(
        "er ikke et klokkeslett. Skriv 15:30, eller 31.01.2026 15:30."
    ),
    CellFault.NO_SUCH_HOUR: gettext_lazy(
        "klokkeslettet finnes ikke den natta: klokka stilles fram. Skriv timen etter."
    ),
    CellFault.DUTY_TOO_LONG: gettext_lazy("vakta er på mer enn fire døgn."),
    CellFault.OUTSIDE_PERIOD: gettext_lazy("vakta begynner utenfor planens periode."),
    CellFault.OVERLAPS: gettext_lazy("personen har en annen vakt samtidig."),
    CellFault.WHICH_PLACE: gettext_lazy(
        "flere har den samme vakta, og arket sier ikke hvem som skal ut. Ta med en rad "
        "for hver av dem."
    ),
}


def fault_words(fault: Fault) -> str:
    """One fault: the cell, its column, and what is wrong."""
    said = str(WHY[fault.why])
    if fault.cell:
        column = f" ({fault.column})" if fault.column else ""
        return f"{fault.cell}{column}: {said}"
    return f"{fault.column}: {said}" if fault.column else said


def all_faults(error: RowsRefused) -> list[str]:
    """Every fault that is told, and how many more there are."""
    lines = [fault_words(one) for one in error.faults]
    if error.more:
        lines.append(_("… og %(n)s feil til.") % {"n": error.more})
    return lines
