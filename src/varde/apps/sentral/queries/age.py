"""An age as people say it."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def age_text(birth_date: date | None, estimated: int | None, *, on: date) -> str:
    """The age in words: months for the youngest; «ca.» when it is a guess; else empty."""
    if birth_date is None:
        return "" if estimated is None else _("ca. %(age)s år") % {"age": estimated}
    before = (on.month, on.day) < (birth_date.month, birth_date.day)
    years = on.year - birth_date.year - before
    if years >= 2:
        return _("%(age)s år") % {"age": years}
    months = (on.year - birth_date.year) * 12 + on.month - birth_date.month
    months -= on.day < birth_date.day
    if months < 1:
        days = (on - birth_date).days
        return ngettext("%(n)s dag", "%(n)s dager", days) % {"n": days}
    return ngettext("%(n)s måned", "%(n)s måneder", months) % {"n": months}
