"""What comes in from the screens: checked once, here."""

from django import forms
from django.utils.translation import gettext_lazy as _


class AssessForm(forms.Form):
    """A judgement of urgency: by criteria, or set by hand."""

    complaint = forms.CharField(max_length=60, required=False)
    criteria = forms.JSONField(required=False)
    hastegrad = forms.CharField(max_length=10, required=False)
    red_flags_ruled_out = forms.CharField(max_length=3, required=False)
    reason_lowered = forms.CharField(max_length=300, required=False)


class AttendanceForm(forms.Form):
    """A time to come: the station, the way there, and the time once proposed."""

    station = forms.IntegerField(required=False)
    travel_min = forms.IntegerField(
        min_value=0,
        max_value=1440,
        required=False,
        error_messages={"invalid": _("Reisetiden er et helt antall minutter.")},
    )
    promised_at = forms.DateTimeField(
        required=False,
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        error_messages={"invalid": _("Tiden må være dato og klokkeslett.")},
    )


def problem_of(form):
    """The first fault of a form, as one sentence with the field's name."""
    for name, errors in form.errors.items():
        label = form.fields[name].label or name if name in form.fields else ""
        return f"{label}: {errors[0]}" if label else str(errors[0])
    return ""
