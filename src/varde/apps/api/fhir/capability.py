"""What this server can do, as a CapabilityStatement: made from what it does."""

from importlib.metadata import version

from varde.apps.api.fhir.kinds import Kind
from varde.apps.api.fhir.parts import Json, whole
from varde.apps.api.fhir.resources import KINDS


PUBLISHED = "2026-11-22"  # when what is said here last changed
FHIR_VERSION = "4.0.1"
SECURITY = (
    "OAuth 2.0 client credentials: a bearer token (JWT) of the authorization server that "
    "this installation trusts, with scopes as system/Patient.read; or a client certificate "
    "at the proxy. Each client is known to the installation and sees its districts only. "
    "Every read and search is in the log."
)


def statement(base: str) -> Json:
    """The capability statement of the server at this address."""
    return whole(
        {
            "resourceType": "CapabilityStatement",
            "status": "active",
            "date": PUBLISHED,
            "kind": "instance",
            "name": "Varde",
            "title": "Varde FHIR R4",
            "software": {"name": "Varde", "version": version("varde")},
            "implementation": {"description": "Varde, legevakt", "url": base},
            "fhirVersion": FHIR_VERSION,
            "format": ["json", "application/fhir+json"],
            "rest": [
                {
                    "mode": "server",
                    "documentation": "Read only. Identifiers of persons are searched by "
                    "POST to [type]/_search, never in an address.",
                    "security": {
                        "cors": False,
                        "service": [
                            {
                                "coding": [
                                    {
                                        "system": "http://terminology.hl7.org/CodeSystem/"
                                        "restful-security-service",
                                        "code": code,
                                    }
                                ]
                            }
                            for code in ("OAuth", "Certificates")
                        ],
                        "description": SECURITY,
                    },
                    "resource": [_resource(kind) for kind in KINDS.values()],
                }
            ],
        }
    )


def _resource(kind: Kind) -> Json:
    return {
        "type": kind.name,
        "documentation": kind.about,
        "interaction": [{"code": "read"}, {"code": "search-type"}],
        "versioning": "no-version",
        "readHistory": False,
        "conditionalRead": "not-match",
        "referencePolicy": ["literal"],
        "searchParam": [
            {"name": one.name, "type": one.type, "documentation": one.about}
            for one in kind.parameters
        ],
    }
