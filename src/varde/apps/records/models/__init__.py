"""What is stored. One file per noun."""

from varde.apps.records.models.alarm import Alarm, AlarmSignal
from varde.apps.records.models.api_client import ApiClient
from varde.apps.records.models.attendance import Attendance, Look, WaitTold
from varde.apps.records.models.audit import AuditChain, AuditEntry, RecordOpening
from varde.apps.records.models.bed import (
    Bed,
    BedKind,
    BedLook,
    BedPlacement,
    BedStay,
)
from varde.apps.records.models.calendar_feed import CalendarFeed
from varde.apps.records.models.call import (
    Call,
    CallBack,
    CallBackAttempt,
    Listening,
    Recording,
    TelephonyEvent,
)
from varde.apps.records.models.clinical_note import ClinicalNote, Phrase
from varde.apps.records.models.compensating_measure import CompensatingMeasure
from varde.apps.records.models.competence import (
    BakvaktDecision,
    Certificate,
    CompetenceDocument,
    Course,
    CourseSeat,
    Dispensation,
    Experience,
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
from varde.apps.records.models.demand_forecast import DemandForecast
from varde.apps.records.models.design import DesignForm
from varde.apps.records.models.doctor import Conflict, DoctorEvent
from varde.apps.records.models.duty_line import DutyLine
from varde.apps.records.models.equipment import (
    Checklist,
    ChecklistInterval,
    ChecklistItem,
    EquipmentCheck,
    EquipmentLack,
)
from varde.apps.records.models.help import (
    HelpAgreement,
    HelpItem,
    HelpReason,
    HelpTakeover,
    Partner,
)
from varde.apps.records.models.imported_attendance import (
    ImportedAttendance,
    ImportedAttendanceSet,
)
from varde.apps.records.models.index import IndexEvent, IndexVersion
from varde.apps.records.models.mission import (
    ImportedLegs,
    LoneAlarm,
    LoneStep,
    Mission,
    MissionCrew,
    MissionPress,
    MissionSecret,
    Vehicle,
)
from varde.apps.records.models.nodnett import NodnettChange, NodnettDay, NodnettMember
from varde.apps.records.models.nursing_home import (
    NursingHome,
    NursingHomeHours,
    NursingHomeNumber,
    NursingHomeRequest,
)
from varde.apps.records.models.operator_need import OperatorNeed
from varde.apps.records.models.order import Order, OrderResult
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
from varde.apps.records.models.paper import PaperForm, PaperPrint
from varde.apps.records.models.patient import (
    Fastlege,
    FastlegeOffice,
    FastlegeSlot,
    Patient,
)
from varde.apps.records.models.people import (
    Duty,
    Qualification,
    Role,
    RoleGrant,
    User,
)
from varde.apps.records.models.review import Review, ReviewScore
from varde.apps.records.models.rota import (
    DutyOffer,
    DutySwap,
    Rota,
    RotaChange,
    RotaDuty,
    RotaOverride,
    RotaRun,
    ShiftPattern,
    Vacancy,
)
from varde.apps.records.models.safety import (
    SafetyAccount,
    SafetyCall,
    SafetyIncident,
    SafetySeen,
)
from varde.apps.records.models.scenario_study import (
    ScenarioStudy,
    StudyResult,
    StudyScenario,
)
from varde.apps.records.models.session import Allowance, UnlockPin, WorkSession
from varde.apps.records.models.staff import (
    Absence,
    OwnPeriods,
    Position,
    PracticeTime,
    Wish,
)
from varde.apps.records.models.staffing_comparison import StaffingComparison
from varde.apps.records.models.standin import StandIn
from varde.apps.records.models.vacancy_pay import VacancyPay
from varde.apps.records.models.vikar import (
    PoolConsent,
    VikarApproval,
    VikarDuty,
    VikarPool,
    VikarTerms,
)


__all__ = [
    "Absence",
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
    "BakvaktDecision",
    "Bed",
    "BedKind",
    "BedLook",
    "BedPlacement",
    "BedStay",
    "CalendarFeed",
    "Call",
    "CallBack",
    "CallBackAttempt",
    "Catchment",
    "Certificate",
    "Checklist",
    "ChecklistInterval",
    "ChecklistItem",
    "ClaimLine",
    "ClinicalNote",
    "CompensatingMeasure",
    "CompetenceDocument",
    "Conflict",
    "Contact",
    "ContactEvent",
    "Course",
    "CourseSeat",
    "DatedSetting",
    "DemandForecast",
    "DesignForm",
    "Dispensation",
    "District",
    "DoctorEvent",
    "DoctorQuestion",
    "Duty",
    "DutyLine",
    "DutyOffer",
    "DutySwap",
    "EquipmentCheck",
    "EquipmentLack",
    "Experience",
    "Fastlege",
    "FastlegeNote",
    "FastlegeOffice",
    "FastlegeSlot",
    "HelpAgreement",
    "HelpItem",
    "HelpReason",
    "HelpTakeover",
    "ImportedAttendance",
    "ImportedAttendanceSet",
    "ImportedLegs",
    "IndexEvent",
    "IndexVersion",
    "InterpreterRequest",
    "Listening",
    "LoneAlarm",
    "LoneStep",
    "Look",
    "Mission",
    "MissionCrew",
    "MissionPress",
    "MissionSecret",
    "Municipality",
    "NodnettChange",
    "NodnettDay",
    "NodnettMember",
    "NursingHome",
    "NursingHomeHours",
    "NursingHomeNumber",
    "NursingHomeRequest",
    "OperatorNeed",
    "Order",
    "OrderResult",
    "Outcome",
    "OwnPeriods",
    "PaperForm",
    "PaperPrint",
    "Partner",
    "Patient",
    "Phrase",
    "Place",
    "PoolConsent",
    "Population",
    "Position",
    "PracticeTime",
    "Qualification",
    "RecordOpening",
    "Recording",
    "Review",
    "ReviewScore",
    "Role",
    "RoleGrant",
    "Rota",
    "RotaChange",
    "RotaDuty",
    "RotaOverride",
    "RotaRun",
    "SafetyAccount",
    "SafetyCall",
    "SafetyIncident",
    "SafetySeen",
    "ScenarioStudy",
    "Sentral",
    "SentralDistrict",
    "ShiftPattern",
    "StaffingComparison",
    "StandIn",
    "Station",
    "StudyResult",
    "StudyScenario",
    "TelephonyEvent",
    "TravelTime",
    "UnlockPin",
    "User",
    "Vacancy",
    "VacancyPay",
    "Vehicle",
    "VikarApproval",
    "VikarDuty",
    "VikarPool",
    "VikarTerms",
    "VitalSigns",
    "WaitTold",
    "Wish",
    "WorkSession",
]
