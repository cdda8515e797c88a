"""Another system that reads by FHIR, as the administrator types it."""

import re
from datetime import timedelta

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from django import forms
from django.utils.translation import gettext_lazy as _

from varde.apps.records.models import ApiClient, District
from varde.apps.records.models.api_client import RESOURCE_TYPES
from varde.apps.sentral import log_messages
from varde.apps.sentral.period_fields import first_day_field, last_day_field
from varde.apps.sentral.services.api_clients import ClientDetails


TYPE_WORDS = {
    "Patient": _("Pasienter"),
    "Encounter": _("Kontakter og oppmøter"),
    "Task": _("Tiltak"),
    "Appointment": _("Oppmøtetider og timer hos fastlegen"),
    "Observation": _("Hastegrader og vitale mål"),
    "Communication": _("Notater til fastlegen, med kvittering"),
    "Composition": _("Dokumenter"),
    "Location": _("Stasjoner"),
    "Practitioner": _("De som jobber her, og fastleger"),
    "PractitionerRole": _("Roller"),
    "AuditEvent": _("Loggen"),
}
_FINGERPRINT = re.compile(r"[0-9a-f]{64}")


class ApiClientForm(forms.Form):
    """Who the system is, where and what it may read, what for, and when."""

    name = forms.CharField(
        label=_("Navn"),
        max_length=60,
        help_text=_("Slik det skal stå i loggen, for eksempel «Fastlegeportalen»."),
        error_messages={"required": _("Skriv et navn.")},
    )
    client_id = forms.CharField(
        label=_("Klient-id (OAuth)"),
        max_length=120,
        required=False,
        help_text=_("Slik autorisasjonsserveren (HelseID) skriver den i tokenet."),
    )
    certificate = forms.CharField(
        label=_("Klientsertifikat"),
        max_length=8000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("SHA-256-avtrykket (64 tegn), eller hele sertifikatet (PEM)."),
    )
    districts = forms.MultipleChoiceField(
        label=_("Distrikter"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Velg minst ett distrikt."),
            "invalid_choice": _("Velg blant distriktene som vises."),
        },
    )
    types = forms.MultipleChoiceField(
        label=_("Kan lese"),
        widget=forms.CheckboxSelectMultiple,
        choices=[(kind, TYPE_WORDS[kind]) for kind in RESOURCE_TYPES],
        error_messages={
            "required": _("Velg minst én ting som systemet kan lese."),
            "invalid_choice": _("Velg blant det som vises."),
        },
    )
    purpose = forms.ChoiceField(
        label=_("Formål"),
        choices=[("", _("Velg"))]
        + [(code, log_messages.PURPOSE[code]) for code in ApiClient.Purpose],
        error_messages={
            "required": _("Velg formålet med lesingen."),
            "invalid_choice": _("Velg formålet med lesingen."),
        },
    )
    valid_from = first_day_field()
    last_day = last_day_field()

    def __init__(self, *args, districts, **kwargs):
        super().__init__(*args, **kwargs)
        named = District.objects.filter(pk__in=districts)
        self.fields["districts"].choices = [(str(one.pk), one.name) for one in named]
        for name in ("name", "client_id", "certificate", "purpose"):
            self.fields[name].widget.attrs |= {
                "class": "ds-input",
                "autocomplete": "off",
            }

    def clean_certificate(self):
        """Empty, or the fingerprint in 64 hex digits."""
        text = self.cleaned_data["certificate"].strip()
        digits = text.lower().replace(":", "").replace(" ", "")
        if not text or _FINGERPRINT.fullmatch(digits):
            return digits
        try:
            read = x509.load_pem_x509_certificate(text.encode())
        except ValueError:
            raise forms.ValidationError(
                _(
                    "Dette er verken et SHA-256-avtrykk på 64 tegn eller et sertifikat "
                    "som begynner med BEGIN CERTIFICATE."
                )
            ) from None
        return read.fingerprint(SHA256()).hex()

    def clean(self):
        """Known by something."""
        data = super().clean()
        is_empty = not data.get("client_id") and not data.get("certificate")
        if is_empty and "certificate" not in self.errors:
            self.add_error(
                "client_id", _("Skriv klient-id-en, eller sertifikatet under.")
            )
        return data

    def details(self):
        """What was typed, as the service takes it."""
        data = self.cleaned_data
        last = data["last_day"]
        return ClientDetails(
            name=data["name"],
            client_id=data["client_id"],
            certificate=data["certificate"],
            districts=frozenset(map(int, data["districts"])),
            scopes=tuple(f"system/{kind}.read" for kind in data["types"]),
            purpose=data["purpose"],
            valid_from=data["valid_from"],
            valid_to=last + timedelta(days=1) if last else None,
        )


def as_typed(client: ApiClient) -> dict[str, object]:
    """A client as it stands in the form."""
    end = client.valid_to
    return {
        "name": client.name,
        "client_id": client.client_id,
        "certificate": client.certificate,
        "districts": [str(one.pk) for one in client.districts.all()],
        "types": [
            kind for kind in RESOURCE_TYPES if f"system/{kind}.read" in client.scopes
        ],
        "purpose": client.purpose,
        "valid_from": client.valid_from,
        "last_day": end - timedelta(days=1) if end else None,
    }
