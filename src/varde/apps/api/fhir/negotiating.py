"""JSON in, JSON out: which forms an asker may ask for."""

from django.http import HttpRequest

from varde.apps.api.fhir.faults import Fault, refuse


TYPE = "application/fhir+json"
OURS = {TYPE, "application/json", "text/json"}
ANY = {"*/*", "application/*", "text/*"}
FORMATS = {"json", *OURS}
FORM = "application/x-www-form-urlencoded"


def check_form(request: HttpRequest) -> None:
    """Refuse (406) whoever cannot read JSON of FHIR R4."""
    wanted = request.GET.get("_format")
    if wanted is not None:
        # In an address a plus means a space.
        if wanted.replace(" ", "+").partition(";")[0].strip() not in FORMATS:
            raise _not_json()
        return
    accepted = request.headers.get("Accept", "*/*").lower() or "*/*"
    if not any(_fits(one) for one in accepted.split(",")):
        raise _not_json()


def check_body(request: HttpRequest) -> None:
    """Refuse (415) a search that is not sent as a form."""
    if request.headers.get("Content-Length", "0") in {"", "0"}:
        return  # a search for everything has no body
    if (request.content_type or "").lower() != FORM:
        raise refuse(415, "not-supported", f"A search by POST is sent as {FORM}.")


def is_strict(request: HttpRequest) -> bool:
    """Whether parameters that we do not know are a fault (Prefer: handling=strict)."""
    said = request.headers.get("Prefer", "").lower().replace(";", ",")
    return "handling=strict" in {one.strip() for one in said.split(",")}


def _fits(accepted: str) -> bool:
    kind, *more = (part.strip() for part in accepted.split(";"))
    named = dict(one.split("=", 1) for one in more if "=" in one)
    version = named.get("fhirversion", "4.0").strip('"')
    return (
        kind in OURS | ANY
        and named.get("q", "1") not in {"0", "0.0"}
        and version in {"4.0", "4.0.1"}
    )


def _not_json() -> Fault:
    return refuse(
        406,
        "not-supported",
        f"Only JSON of FHIR 4.0 is given out. Send Accept: {TYPE}.",
    )
