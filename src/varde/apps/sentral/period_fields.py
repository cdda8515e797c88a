"""From when to when, as the administrator types it. The last day is in the period."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def first_day_field() -> forms.DateField:
    """The first day; today until another is chosen."""
    return forms.DateField(
        label=_("Fra og med"),
        initial=timezone.localdate,
        widget=_date_input(),
        error_messages={
            "invalid": _("Dette er ikke en dato."),
            "required": _("Velg første dag."),
        },
    )


def last_day_field() -> forms.DateField:
    """The last day, which may be left open."""
    return forms.DateField(
        label=_("Til og med (tom: uten slutt)"),
        required=False,
        widget=_date_input(),
        error_messages={"invalid": _("Dette er ikke en dato.")},
    )


def _date_input() -> forms.DateInput:
    return forms.DateInput(
        format="%Y-%m-%d", attrs={"type": "date", "class": "ds-input"}
    )
