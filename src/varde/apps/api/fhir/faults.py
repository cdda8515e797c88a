"""How the FHIR API says no: an OperationOutcome, with the status that fits.

The words are for whoever sets up the system that asks, in English as in the rest of the
API. They never repeat what was sent: it may be about a patient.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from varde.apps.api.fhir.parts import Json


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing that is wrong. `where` names a parameter, without its value."""

    code: str  # of http://hl7.org/fhir/issue-type
    text: str
    where: str = ""
    severity: str = "error"


@dataclass
class Fault(Exception):
    """Ends a request with an OperationOutcome. Nothing was given out."""

    status: int
    issues: tuple[Issue, ...]
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def code(self) -> str:
        """What the log calls it."""
        return self.issues[0].code


def refuse(status: int, code: str, text: str, *, where: str = "") -> Fault:
    """A fault with one issue."""
    return Fault(status, (Issue(code, text, where),))


def outcome(issues: tuple[Issue, ...]) -> Json:
    """The resource that tells of the faults."""
    return {
        "resourceType": "OperationOutcome",
        "issue": [
            {
                "severity": issue.severity,
                "code": issue.code,
                "diagnostics": issue.text,
            }
            | ({"expression": [issue.where]} if issue.where else {})
            for issue in issues
        ],
    }


def not_here() -> Fault:
    """What is not there and what is not yours: the same answer."""
    return refuse(
        404,
        "not-found",
        "There is no such resource among those that this client may see.",
    )
