"""What is stored. One file per noun."""

from varde.apps.records.models.alarm import Alarm, AlarmSignal
from varde.apps.records.models.api_client import ApiClient
from varde.apps.records.models.attendance import Attendance, Look
from varde.apps.records.models.audit import AuditChain, AuditEntry, RecordOpening
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
    "ApiClient",
    "Approval",
    "Assessment",
    "Attendance",
    "AuditChain",
    "AuditEntry",
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
    "IndexEvent",
    "IndexVersion",
    "InterpreterRequest",
    "Listening",
    "Look",
    "Municipality",
    "Outcome",
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
    "WorkSession",
]
