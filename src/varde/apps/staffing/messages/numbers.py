"""Numbers as they are read."""

from django.utils.translation import gettext as _


def number(value: float | None, *, decimals: int = 1) -> str:
    """A number with a comma; a dash when unknown.

    >>> number(12.345), number(12.0), number(None)
    ('12,3', '12', '–')
    """
    if value is None:
        return "–"
    return f"{value:.{decimals}f}".removesuffix("." + "0" * decimals).replace(".", ",")


def every(value: float | None) -> str:
    """Every n-th; a dash for one who has none.

    >>> every(12.0), every(4.5), every(1.0), every(None)
    ('hver 12.', 'hver 4,5.', 'hver', '–')
    """
    if value is None:
        return "–"
    if value <= 1:
        return _("hver")
    return _("hver %(n)s.") % {"n": number(value)}
