"""Errors that a person can act on.

Two readers, two languages. A rule that stops an operator travels as a `Rule` with its
values; the web layer words it in Norwegian. A fault in a file or a setting is read by
someone at a command line; it is worded here, in English: what, where, which values,
what state things are in, what to do.

No error holds a name, a national number or free text about a patient: the values of a
`RuleBroken` are codes, moments and the names of colleagues.
"""

from collections.abc import Sequence
from enum import StrEnum, auto


MOST_VALUES_SHOWN = 5
LONGEST_VALUE_SHOWN = 60  # characters


class VardeError(Exception):
    """Base class of every error that we raise on purpose."""


class Rule(StrEnum):
    """Every refusal that a user can meet. The comment names the values that come along.

    The member's value is also the key of its words in the message table.
    """

    # Hastegrad and triage
    REASON_NEEDED_TO_LOWER = auto()  # before, after
    HASTEGRAD_NOT_SET = auto()
    INDEX_NOT_APPROVED = auto()  # index, version
    INDEX_NOT_IN_USE = auto()  # index, version
    INDEX_NEEDS_LEGEVAKTOVERLEGE = auto()  # index, version
    INDEX_IN_USE = auto()  # index, version
    INDEX_VERSION_EXISTS = auto()  # version: installed before with another text
    NEWS2_UNDER_AGE = auto()  # age_years, min_age_years
    NEWS2_AGE_UNKNOWN = auto()
    NEWS2_PREGNANT = auto()
    NEWS2_SCALE_2_NEEDS_DECISION = auto()
    VITAL_SIGN_OUT_OF_RANGE = auto()  # sign, low, high
    NEWS2_PREGNANCY_UNKNOWN = auto()
    COMPLAINT_UNKNOWN = auto()  # complaint, index, version
    CRITERION_UNKNOWN = auto()  # complaint, index, version

    # What is typed
    FIELD_UNKNOWN = auto()  # field
    FIELD_NOT_VALID = auto()  # field, why

    # A test's result. A part is the name of one field of it.
    RESULT_IS_EMPTY = auto()  # test
    RESULT_NOT_A_NUMBER = auto()  # part, unit, decimals
    RESULT_OUT_OF_RANGE = auto()  # part, unit, low, high
    RESULT_NOT_A_CHOICE = auto()  # part
    RESULT_TOO_LONG = auto()  # part, most

    # The doctor and the patient at the station
    ATTENDANCE_IS_OVER = auto()  # ended_at
    RED_NEEDS_A_DOCTOR = auto()
    RED_CANNOT_END_SO = auto()
    ORDERS_ARE_OPEN = auto()  # tests
    RESULTS_NOT_SEEN = auto()  # tests
    ORDER_STANDS = auto()  # test
    RESULT_IS_GIVEN = auto()  # test
    NOT_ON_DUTY = auto()
    COLLEAGUE_NOT_ON_DUTY = auto()
    CONFLICT_IS_SOLVED = auto()  # at

    # Who owns a call or a contact
    # Help between sentraler
    HELD_BY_PARTNER = auto()  # partner
    HELP_NOT_HEARD = auto()  # partner, seconds
    HELP_NO_SECRET = auto()  # partner
    HELP_NO_AGREEMENT = auto()  # partner
    HELP_AGREEMENT_NOT_OPEN = auto()
    HELP_IS_ON = auto()  # partner
    HELP_IS_NOT_ON = auto()
    HELP_IS_TOLD = auto()  # partner
    HELP_IN_HAND = auto()  # number
    OWNED_BY_ANOTHER = auto()  # owner, since
    TAKE_OVER_NEEDS_REASON = auto()  # owner, since
    NOT_YOURS = auto()  # owner: a name, or "" when nobody owns it
    CALL_IS_OVER = auto()  # state

    # Call-backs
    CALLBACK_IS_SETTLED = auto()
    CALLBACK_NEEDS_REASON = auto()  # to strike it off, or to give it up
    UNREACHABLE_TOO_EARLY = auto()  # attempts, attempts_needed, minutes, minutes_needed

    # The patient
    NATIONAL_ID_NOT_VALID = auto()  # why
    PATIENTS_ARE_DIFFERENT = auto()  # two known patients cannot be merged
    PATIENT_ALREADY_MERGED = auto()
    CONSENT_NEEDED = auto()

    # 113
    AMK_NOT_CALLED = auto()
    AMK_MISSION_NUMBER_NEEDED = auto()
    AMK_ALREADY_ACKNOWLEDGED = auto()  # acknowledged_at
    AMK_STOOD_DOWN = auto()  # stood_down_at
    AMK_STAND_DOWN_NEEDS_REASON = auto()

    # Outcome, time, closing
    RED_IS_NEVER_QUEUED = auto()  # hastegrad
    NO_ATTENDANCE_TIME = auto()  # looked_until, or "" where no interval was given
    TASK_IS_SETTLED = auto()
    TASK_NEEDS_OWNER = auto()
    REASON_CODE_UNKNOWN = auto()  # code
    GENERAL_CODE_NEEDS_CONFIRMATION = auto()  # code
    CONTACT_IS_CLOSED = auto()  # closed_at
    CONTACT_HAS_OPEN_ITEMS = auto()  # items: the kinds, with ", " between
    SECOND_LOOK_NEEDS_ANOTHER = auto()  # by
    DOCTOR_NEEDED = auto()
    CONTACT_IS_OPEN = auto()
    STATION_NEEDED = auto()
    TRAVEL_TIME_UNKNOWN = auto()
    ATTENDANCE_TIME_TAKEN = auto()  # next_at: the first free time
    QUESTION_IS_ANSWERED = auto()
    APPROVAL_IS_DECIDED = auto()
    TARIFF_UNKNOWN = auto()  # tariff

    # The station
    ALREADY_AT_STATION = auto()  # station, since
    WITH_DOCTOR = auto()  # doctor

    # The fastlege
    SLOT_IS_TAKEN = auto()  # starts_at
    NOT_A_WORKDAY = auto()  # on
    NO_AGREEMENT_WITH_OFFICE = auto()  # office
    NO_FASTLEGE = auto()
    NOTE_IS_NOT_FAILED = auto()

    # The clinician's note
    NOTE_NOT_BEGUN = auto()
    NOTE_LACKS = auto()  # parts: their codes, with ", " between
    NOTE_NEEDS_DIAGNOSIS = auto()
    NOTE_TOO_MANY_DIAGNOSES = auto()  # most
    NOTE_CORRECTION_NEEDS_REASON = auto()
    NOTE_IS_DECIDED = auto()
    NOTE_NEEDS_ANOTHER_DOCTOR = auto()
    PHRASE_KEY_NOT_VALID = auto()
    QUALIFICATION_IS_HELD = auto()
    # Call-out and home visit
    ALONE_NEEDS_REASON = auto()
    CREW_NEEDED = auto()
    VEHICLE_IS_OUT = auto()  # vehicle: its call sign
    PERSON_IS_OUT = auto()  # person: the name of a colleague
    MISSION_IS_UNDER_WAY = auto()
    MISSION_IS_OVER = auto()
    CALL_SIGN_TAKEN = auto()  # vehicle
    DOOR_CODE_CREW_ONLY = auto()
    DOOR_CODE_UNREADABLE = auto()
    LONE_ALARM_IS_ANSWERED = auto()  # owner, at
    LONE_WATCH_IS_NEEDED = auto()

    # Sound log, review, access
    REASON_NEEDED_TO_LISTEN = auto()
    RECORDING_ON_LEGAL_HOLD = auto()
    RECORDING_IS_DELETED = auto()  # deleted_at
    REVIEW_OF_OWN_WORK = auto()
    REVIEW_NEEDS_ANOTHER_REVIEWER = auto()
    REVIEW_ANSWERS_MISSING = auto()  # count
    REVIEW_IS_SCORED = auto()  # by two already
    REVIEW_NOT_SCORED = auto()  # by two yet
    REVIEW_PERIOD_NOT_VALID = auto()  # most_days
    HOLD_NEEDS_REASON = auto()
    REASON_NEEDED_TO_OPEN = auto()
    OPENING_IS_YOUR_OWN = auto()
    LAST_ADMINISTRATOR = auto()  # place
    ROLE_IS_HELD = auto()  # the same role at the same place, already
    ROLE_DATES_WRONG = auto()  # ends before it begins, or before today
    API_CLIENT_IS_KNOWN = auto()  # its client_id or certificate is another's
    PERSON_WORKS_ELSEWHERE = auto()  # places: names of other districts or sentraler
    ROLE_MAY_NOT = auto()  # role, task
    CHANGED_BY_ANOTHER = auto()  # by, at: what the user looked at is no longer so

    # Dated settings. A part is the name of one value of several, "" for the only one.
    SETTING_UNKNOWN = auto()  # key
    SETTING_NOT_A_NUMBER = auto()  # part
    SETTING_NOT_WHOLE = auto()  # part
    SETTING_OUT_OF_RANGE = auto()  # part, low, high
    SETTING_NOT_A_CHOICE = auto()  # part, choices
    SETTING_PARTS_WRONG = auto()  # parts
    SETTING_NOT_WELL_FORMED = auto()  # example
    SETTING_NEEDS_SOURCE = auto()
    SETTING_IN_THE_PAST = auto()
    SETTING_ENDS_BEFORE_IT_BEGINS = auto()
    SETTING_OVERLAPS = auto()  # begins_on, ends_on: "" while it is open

    # Beds
    BED_TAKEN = auto()  # bed, since, colleague: who admitted the one who lies there
    BED_TAKEN_UNSEEN = auto()  # bed: by one whom this person may not see
    BED_OUT_OF_USE = auto()  # bed
    BED_CODE_TAKEN = auto()  # bed
    BED_IS_OCCUPIED = auto()  # bed
    BED_OTHER_KIND = auto()  # bed
    BED_OF_ANOTHER_DISTRICT = auto()
    PATIENT_HAS_A_BED = auto()  # bed, since
    PATIENT_HAS_LEFT_BED = auto()  # left_at
    BED_CRITERIA_UNANSWERED = auto()  # count
    BED_CRITERIA_NEED_REASON = auto()
    BED_TIME_OUT_OF_ORDER = auto()  # not_before, not_after
    BED_LOOK_NEEDED = auto()
    # Safety at work
    SAFETY_ALARM_IS_ENDED = auto()  # by, at

    # Equipment
    CHECKLIST_NAME_TAKEN = auto()  # name
    CHECKLIST_IS_EMPTY = auto()
    CHECKLIST_HAS_CHANGED = auto()
    CHECK_NOT_WHOLE = auto()  # count
    LACK_IS_ORDERED = auto()  # by, at
    LACK_IS_THERE = auto()  # by, at
    # Nursing homes
    PHONE_HOURS_END_FIRST = auto()
    NUMBER_OF_ANOTHER_HOME = auto()  # number, home
    HOME_NAME_TAKEN = auto()  # name
    HOME_NOT_CHOSEN = auto()

    # Paper forms and what is entered afterwards
    PAPER_FORM_NUMBER_WRONG = auto()
    PAPER_FORM_UNKNOWN = auto()  # number
    PAPER_FORM_USED = auto()  # number, at
    PAPER_FORM_VOID = auto()  # number, at
    PAPER_FORM_VOID_NEEDS_REASON = auto()
    PAPER_FORM_COUNT = auto()  # most
    TRUE_TIME_MISSING = auto()  # field
    TRUE_TIME_IN_FUTURE = auto()  # field
    TRUE_TIME_OUT_OF_ORDER = auto()  # field, former, not_before

    # The rota
    ROTA_CHANGED = auto()  # by, at, place: what another did meanwhile
    ROTA_PERIOD_WRONG = auto()  # most_days
    ROTA_OVERLAPS = auto()  # begins_on, ends_on
    ROTA_NEEDS_PATTERNS = auto()
    ROTA_HARD_RULE = auto()  # count: hard rules that the change breaks
    ROTA_BREAKS_RULES = auto()  # count
    ROTA_IS_PUBLISHED = auto()
    ROTA_NOT_PUBLISHED = auto()
    ROTA_NOTHING_TO_UNDO = auto()
    ROTA_RUN_UNDER_WAY = auto()
    ROTA_RUN_EMPTY = auto()
    ROTA_NOT_OF_WORKPLACE = auto()
    ROTA_DUTY_IS_OVER = auto()
    ROTA_DUTY_HAS_HOLDER = auto()  # person
    ROTA_TOO_FAR = auto()  # first_on: the last day that a rota may begin on
    ROTA_TOO_LARGE = auto()  # most, count: places of one rota
    ROTA_OWN_HARD_RULE = auto()
    ROTA_PLANNERS_RULE = auto()
    PATTERN_DAYS_WRONG = auto()
    PATTERN_VALUES_WRONG = auto()
    WISH_DATES_WRONG = auto()
    WISH_IN_THE_PAST = auto()
    WISHES_ARE_MANY = auto()  # most
    WISH_TOO_FAR = auto()  # last_on: the last day that one may wish for
    WISH_OVERLAPS = auto()
    VACANCY_IS_FILLED = auto()  # person, at
    VACANCY_NOBODY_TO_ASK = auto()
    OFFER_IS_OVER = auto()
    OFFER_BREAKS_RULES = auto()
    REFILL_NOTHING_CHOSEN = auto()
    REFILL_BREAKS_RULES = auto()  # count
    SWAP_IS_OVER = auto()
    SWAP_BREAKS_RULES = auto()
    OFFER_PAY_CHANGED = auto()
    VACANCY_PAY_UNKNOWN = auto()
    VIKAR_NOT_APPROVED = auto()  # person, post, at, way, count
    # People and competence
    POSITION_OVERLAPS = auto()  # begins_on
    PRACTICE_OVERLAPS = auto()
    ABSENCE_OVERLAPS = auto()  # ground, begins_on, ends_on
    ABSENCE_OVERLAPS_ELSEWHERE = auto()  # place, begins_on, ends_on
    OWN_PERIODS_OVERLAP = auto()  # begins_on
    OWN_PERIODS_NEVER = auto()
    DOCUMENT_IS_WRITTEN = auto()
    FILE_TOO_LARGE = auto()  # most_mb
    FILE_IS_EMPTY = auto()
    FILE_NOT_A_DOCUMENT = auto()
    DISPENSATION_OF_OWN = auto()
    COURSE_IS_CALLED_OFF = auto()
    COURSE_HAS_BEGUN = auto()
    COURSE_NOT_OVER = auto()
    COURSE_IS_FULL = auto()  # seats
    SEAT_IS_TAKEN = auto()
    SEAT_NOT_TAKEN = auto()
    VIKAR_IS_ASKED = auto()
    VIKAR_IS_DECIDED = auto()
    VIKAR_OF_OWN = auto()
    VIKAR_NOT_LENGTHENED = auto()  # last_on: the present last day
    RECORDED_ELSEWHERE = auto()  # by
    COMPETENCE_OF_OWN = auto()
    TERMS_ARE_WRITTEN = auto()
    POOL_NAME_TAKEN = auto()
    POOL_HAS_MUNICIPALITY = auto()
    POOL_IS_SETTLED = auto()
    # Who is on duty
    STANDIN_OVERLAPS = auto()  # person, begins_on
    STANDIN_IS_NAMED = auto()  # person
    NODNETT_IS_MEMBER = auto()
    NODNETT_NO_MEMBERS = auto()
    NODNETT_PERIOD_WRONG = auto()  # most_days
    NODNETT_DAY_CHANGED = auto()  # person: who has it now, "" for nobody
    NODNETT_DAY_IS_OVER = auto()
    FEED_IS_THERE = auto()
    FEED_IS_ENDED = auto()
    # The years ahead
    BORN_YEAR_WRONG = auto()  # who, first, last
    # Staffing models side by side
    COMPARISON_WRONG = auto()  # problem
    COMPARISON_UNDER_WAY = auto()
    COMPARISON_NOT_DONE = auto()
    COMPARISON_SHARED = auto()
    # The need of operators, handed to the rota
    NEED_NOT_COUNTED = auto()
    NEED_IS_ENDED = auto()
    NEED_FORECAST_CHANGED = auto()
    # Travel time
    MEASURE_IS_PLANNED = auto()
    # Studies of scenarios
    STUDY_UNDER_WAY = auto()
    STUDY_IS_STARTED = auto()
    STUDY_IS_FULL = auto()  # most
    STUDY_IS_EMPTY = auto()
    STUDY_TOO_LARGE = auto()  # work, most
    STUDY_CHANGED = auto()
    STUDY_NO_ROADS = auto()


class RuleBroken(VardeError):
    """The service does not allow what was asked. Nothing was changed.

    >>> error = RuleBroken(Rule.OWNED_BY_ANOTHER, owner="Kari", since="12:00")
    >>> error.rule.value, error.values["owner"]
    ('owned_by_another', 'Kari')
    """

    def __init__(self, rule: Rule, **values: str) -> None:
        super().__init__(f"{rule} {values}")
        self.rule = rule
        self.values = values


class DifferentScales(VardeError):
    """Two hastegrader of different scales were compared, which has no meaning."""


class BadInput(VardeError):
    """A file holds something that we cannot read. Nothing was changed.

    `line` counts from 1 with the heading, as an editor does. `values` are what was found
    there: codes, moments and numbers. A column with names, national numbers or free text
    is reported without its values.

    >>> print(
    ...     BadInput(
    ...         file="calls.csv",
    ...         line=17,
    ...         column="outcome",
    ...         values=["lost"],
    ...         problem="is not an outcome that we know",
    ...         cure="Use answered, abandoned or fault, and import the file again.",
    ...     )
    ... )
    calls.csv, line 17, column 'outcome': is not an outcome that we know.
    Found: 'lost'.
    Nothing was changed. Use answered, abandoned or fault, and import the file again.
    """

    def __init__(
        self,
        *,
        file: str,
        problem: str,
        cure: str,
        line: int | None = None,
        column: str | None = None,
        values: Sequence[str] = (),
    ) -> None:
        super().__init__(file, line, column, problem)
        self.file = file
        self.line = line
        self.column = column
        self.values = tuple(values)
        self.problem = problem.rstrip(".")
        self.cure = cure.rstrip(".")

    def __str__(self) -> str:
        """The whole text: where, what, which values, what state we are in, the cure."""
        where = self.file
        if self.line is not None:
            where += f", line {self.line}"
        if self.column is not None:
            where += f", column {self.column!r}"
        found = f"Found: {_listed(self.values)}.\n" if self.values else ""
        return f"{where}: {self.problem}.\n{found}Nothing was changed. {self.cure}."


def _listed(values: Sequence[str]) -> str:
    """The first values, each cut to a readable length, and how many more there are."""
    shown = ", ".join(_short(value) for value in values[:MOST_VALUES_SHOWN])
    more = len(values) - MOST_VALUES_SHOWN
    return f"{shown} and {more} more" if more > 0 else shown


def _short(value: str) -> str:
    if len(value) <= LONGEST_VALUE_SHOWN:
        return repr(value)
    return repr(value[:LONGEST_VALUE_SHOWN]) + "…"
