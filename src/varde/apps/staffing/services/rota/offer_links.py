"""The secret link by which one who is asked answers without logging in.

The link is the offer's number and a seal that only the server can make, so that nothing
secret is stored. It shows one duty, answers once, and is of no use when the time is out.
"""

from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

from varde.apps.records.models import DutyOffer


SALT = "varde.staffing.duty_offer"
LONGEST_NUMBER = 9  # base 62: far more offers than are ever made
SEAL_LENGTH = 32  # hexadecimal: 128 bits


def link_code(offer: DutyOffer) -> str:
    """What stands last in the link. A new asking of the same person gives a new one."""
    number = signing.b62_encode(offer.pk)
    return f"{number}-{_seal(offer)}"


def offer_of(code: str) -> DutyOffer | None:
    """The offer that a link leads to; None for a link that we did not make."""
    number, _dash, seal = code.partition("-")
    if not 0 < len(number) <= LONGEST_NUMBER:
        return None
    try:
        pk = signing.b62_decode(number)
    except ValueError:
        return None
    offer = (
        DutyOffer.objects.select_related("person", "vacancy__place__rota")
        .filter(pk=pk, asked_at__isnull=False, person__is_active=True)
        .first()
    )
    if offer is None or not constant_time_compare(seal, _seal(offer)):
        return None
    return offer


def _seal(offer: DutyOffer) -> str:
    asked = offer.asked_at.isoformat() if offer.asked_at else ""
    value = f"{offer.pk}:{offer.person_id}:{offer.vacancy_id}:{asked}"
    return salted_hmac(SALT, value, algorithm="sha256").hexdigest()[:SEAL_LENGTH]
