"""A nursing home and its doctor's hours, as they are typed."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from varde.apps.sentral.queries.numbers import WEEKDAYS


DAY = {"invalid": _("Dette er ikke en dato."), "required": _("Velg første dag.")}
CLOCK = {
    "invalid": _("Skriv klokkeslettet som 09:00."),
    "required": _("Skriv klokkeslettet som 09:00."),
}


class HomeForm(forms.Form):
    """The home. What the numbers must be is the register's to say."""

    name = forms.CharField(
        label=_("Navn"),
        max_length=120,
        error_messages={"required": _("Skriv navnet.")},
    )
    municipality = forms.ChoiceField(
        label=_("Kommune"),
        error_messages={
            "required": _("Velg en kommune."),
            "invalid_choice": _("Velg en kommune."),
        },
    )
    numbers = forms.CharField(
        label=_("Numre det ringer fra"),
        required=False,
        max_length=400,
        help_text=_("Flere skilles med komma. Sentralen kjenner sykehjemmet på dem."),
    )
    doctor_name = forms.CharField(
        label=_("Sykehjemslege"), required=False, max_length=120
    )
    doctor_phone = forms.CharField(
        label=_("Legens telefon"), required=False, max_length=20
    )
    is_in_use = forms.BooleanField(label=_("I bruk"), required=False, initial=True)

    def __init__(self, *args, municipalities, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["municipality"].choices = [("", "–"), *municipalities]
        for name, field in self.fields.items():
            if name != "is_in_use":
                field.widget.attrs |= {"class": "ds-input", "autocomplete": "off"}


class HoursForm(forms.Form):
    """The doctor's hours on some weekdays."""

    weekdays = forms.TypedMultipleChoiceField(
        label=_("Ukedager"),
        coerce=int,
        choices=list(enumerate(WEEKDAYS)),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Velg minst én ukedag."),
            "invalid_choice": _("Velg minst én ukedag."),
        },
    )
    opens = forms.TimeField(
        label=_("Fra kl."),
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages=CLOCK,
    )
    closes = forms.TimeField(
        label=_("Til kl."),
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages=CLOCK,
    )
    valid_from = forms.DateField(
        label=_("Fra og med"),
        initial=timezone.localdate,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages=DAY,
    )
    last_day = forms.DateField(
        label=_("Til og med (tom: uten slutt)"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages=DAY,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if name != "weekdays":
                field.widget.attrs["class"] = "ds-input"
