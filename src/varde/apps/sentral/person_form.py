"""A person's details, and a role, as the administrator types them."""

from django import forms
from django.utils.translation import gettext_lazy as _

from varde.apps.records.models import Qualification, Role, User
from varde.apps.sentral import log_messages
from varde.apps.sentral.period_fields import first_day_field, last_day_field


class PersonForm(forms.ModelForm):
    """Who somebody is. User name and operator code belong to one person each."""

    class Meta:
        model = User
        fields = [
            "username",
            "first_name",
            "last_name",
            "hpr_number",
            "operator_code",
            "phone",
        ]
        labels = {
            "username": _("Brukernavn"),
            "first_name": _("Fornavn"),
            "last_name": _("Etternavn"),
            "hpr_number": _("HPR-nummer"),
            "operator_code": _("Kode i telefonsystemet"),
            "phone": _("Telefon"),
        }
        help_texts = {
            "username": _("Bokstaver, tall, punktum og bindestrek."),
            "hpr_number": _(
                "Sju til ni siffer. Knytter innlogging med HelseID til personen."
            ),
            "operator_code": _("Slik telefonsystemet kaller personen."),
        }
        error_messages = {
            "username": {
                "unique": _("Brukernavnet er tatt."),
                "required": _("Skriv et brukernavn."),
                "invalid": _("Bruk bokstaver, tall, punktum og bindestrek."),
            }
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["first_name"].required = True
        self.fields["last_name"].required = True
        for field in self.fields.values():
            field.widget.attrs |= {"class": "ds-input", "autocomplete": "off"}

    def clean_hpr_number(self):
        """Empty, or seven to nine digits."""
        number = self.cleaned_data["hpr_number"].strip()
        if number and not (number.isascii() and number.isdecimal() and len(number) > 6):
            raise forms.ValidationError(_("HPR-nummeret har sju til ni siffer."))
        return number

    def clean_operator_code(self):
        """Empty, or a code that no one else has."""
        code = self.cleaned_data["operator_code"].strip()
        others = User.objects.exclude(pk=self.instance.pk)
        if code and others.filter(operator_code=code).exists():
            raise forms.ValidationError(_("En annen person har denne koden."))
        return code


class QualificationForm(forms.Form):
    """What somebody is by training, from when to when."""

    kind = forms.ChoiceField(
        label=_("Kvalifikasjon"),
        choices=[(Qualification.Kind.LIS1, _("LIS1"))],
        error_messages={
            "required": _("Velg en kvalifikasjon."),
            "invalid_choice": _("Velg en kvalifikasjon."),
        },
    )
    valid_from = first_day_field()
    last_day = last_day_field()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="q_%s", **kwargs)
        for field in self.fields.values():
            field.widget.attrs["class"] = "ds-input"


class RoleForm(forms.Form):
    """A role at one of the administrator's places, from when to when."""

    role = forms.ChoiceField(
        label=_("Rolle"),
        choices=[(role, log_messages.ROLE[role]) for role in Role],
        error_messages={
            "required": _("Velg en rolle."),
            "invalid_choice": _("Velg en rolle."),
        },
    )
    place = forms.ChoiceField(
        label=_("Sted"),
        error_messages={
            "required": _("Velg et sted."),
            "invalid_choice": _("Velg et sted."),
        },
    )
    valid_from = first_day_field()
    last_day = last_day_field()

    def __init__(self, *args, places, **kwargs):
        super().__init__(*args, **kwargs)
        self.places = {place.key: place for place in places}
        self.fields["place"].choices = [(key, p.name) for key, p in self.places.items()]
        for field in self.fields.values():
            field.widget.attrs["class"] = "ds-input"
