"""What is stored. One file per noun."""

from varde.apps.records.models.alarm import Alarm, AlarmSignal
from varde.apps.records.models.attendance import Attendance, Look, WaitTold
from varde.apps.records.models.audit import AuditChain, AuditEntry, RecordOpening
from varde.apps.records.models.bed import (
    Bed,
    BedKind,
    BedLook,
    BedPlacement,
    BedStay,
)
from varde.apps.records.models.call import (
    Call,
    CallBack,
    CallBackAttempt,
    Listening,
    Recording,
    TelephonyEvent,
)
from varde.apps.records.models.contact import (
    AmkHandover,
    Approval,
    Assessment,
    ClaimLine,
    Contact,
    ContactEvent,
    DoctorQuestion,
    FastlegeNote,
    InterpreterRequest,
    Outcome,
    VitalSigns,
)
from varde.apps.records.models.help import (
    HelpAgreement,
    HelpItem,
    HelpTakeover,
    Partner,
)
from varde.apps.records.models.index import IndexEvent, IndexVersion
from varde.apps.records.models.organisation import (
    Catchment,
    DatedSetting,
    District,
    Municipality,
    Place,
    Population,
    Sentral,
    SentralDistrict,
    Station,
    TravelTime,
)
from varde.apps.records.models.patient import (
    Fastlege,
    FastlegeOffice,
    FastlegeSlot,
    Patient,
)
from varde.apps.records.models.people import Duty, Role, RoleGrant, User
from varde.apps.records.models.review import Review, ReviewScore
from varde.apps.records.models.session import Allowance, UnlockPin, WorkSession


__all__ = [
    "Alarm",
    "AlarmSignal",
    "Allowance",
    "AmkHandover",
    "Approval",
    "Assessment",
    "Attendance",
    "AuditChain",
    "AuditEntry",
    "Bed",
    "BedKind",
    "BedLook",
    "BedPlacement",
    "BedStay",
    "Call",
    "CallBack",
    "CallBackAttempt",
    "Catchment",
    "ClaimLine",
    "Contact",
    "ContactEvent",
    "DatedSetting",
    "District",
    "DoctorQuestion",
    "Duty",
    "Fastlege",
    "FastlegeNote",
    "FastlegeOffice",
    "FastlegeSlot",
    "HelpAgreement",
    "HelpItem",
    "HelpTakeover",
    "IndexEvent",
    "IndexVersion",
    "InterpreterRequest",
    "Listening",
    "Look",
    "Municipality",
    "Outcome",
    "Partner",
    "Patient",
    "Place",
    "Population",
    "RecordOpening",
    "Recording",
    "Review",
    "ReviewScore",
    "Role",
    "RoleGrant",
    "Sentral",
    "SentralDistrict",
    "Station",
    "TelephonyEvent",
    "TravelTime",
    "UnlockPin",
    "User",
    "VitalSigns",
    "WaitTold",
    "WorkSession",
]
