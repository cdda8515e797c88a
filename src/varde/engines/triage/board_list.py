"""The patients of a board as JSON, for ordering them outside the station's screens.

    {"now": "2026-01-02T12:00:00+01:00",
     "minutes": {"rod": 0, "oransje": 10, "gul": 60, "gronn": 120, "bla": 240, "ukjent": 10},
     "patients": [{"id": "a", "level": "gul", "arrived_at": "2026-01-02T11:20:00+01:00",
                   "last_seen_at": null}]}

UTF-8. A level is rod, oransje, gul, gronn or bla, or its number on the scale, 1 to 5, 1
the most urgent; null for a patient who is not triaged yet. `minutes` takes the same names
and numbers, and "ukjent" for those not triaged. Moments carry their offset from UTC.
`last_seen_at` may be null or left out. An id is a text or a whole number.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Never

from varde.domain.board_order import NOT_TRIAGED, WaitingPatient
from varde.domain.errors import BadInput
from varde.domain.hastegrad import ARRIVAL, Hastegrad


MOST_MINUTES = 7 * 24 * 60  # more is a slip of the finger
YEARS = range(1900, 2200)
LONGEST_ID = 80  # characters
LIST_KEYS = ("now", "minutes", "patients")
PATIENT_KEYS = ("id", "level", "arrived_at", "last_seen_at")
_MAY_BE_LEFT_OUT = {"last_seen_at"}
_LEVELS = f"{', '.join(ARRIVAL.codes)}, or a number from 1 to {len(ARRIVAL.codes)}"
_BY_NUMBER = {str(number): code for number, code in enumerate(ARRIVAL.codes, start=1)}


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardList:
    """What is to be ordered: the arguments of `board_order`.

    `ids` gives each `patient_id` as it stood in the text: "7" may have been a number.
    """

    now: datetime
    minutes: Mapping[str, int]
    patients: tuple[WaitingPatient, ...]
    ids: Mapping[str, str | int]


def read_board_list(data: bytes, *, file: str) -> BoardList:
    """The patients, the moment and the minutes of a JSON text.

    Parameters
    ----------
    data : bytes
        The whole text, UTF-8.
    file : str
        Its name, for the error text.

    Raises
    ------
    BadInput
        At the first fault: not UTF-8, not JSON, a key that is missing, twice or not
        known, a level, a moment, minutes or an id that cannot be read, an id that comes
        twice, a moment after `now`, no minutes for a level that is there (rød needs none).

    Examples
    --------
    >>> board = read_board_list(
    ...     b'{"now": "2026-01-02T12:00Z", "minutes": {"3": 60}, "patients": '
    ...     b'[{"id": 7, "level": 3, "arrived_at": "2026-01-02T11:20Z"}]}', file="-",
    ... )
    >>> board.patients[0].patient_id, board.patients[0].level.code, dict(board.minutes)
    ('7', 'gul', {'gul': 60})
    """
    return _Reader(file=file).board(data)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    file: str

    def board(self, data: bytes) -> BoardList:
        whole = self._fields(
            self._parsed(data), where="", keys=LIST_KEYS, what="the list"
        )
        now = self._moment(whole["now"], where="now")
        minutes = self._minutes(whole["minutes"])
        listed = whole["patients"]
        if not isinstance(listed, list):
            raise self._fault("patients", "is not a list", "Write it as [{…}, {…}]")
        patients = []
        ids: dict[str, str | int] = {}
        for number, value in enumerate(listed):
            where = f"patients[{number}]"
            fields = self._fields(
                value, where=where, keys=PATIENT_KEYS, what="a patient"
            )
            said = self._id(fields["id"], where=f"{where}.id", taken=ids)
            ids[str(said)] = said
            patients.append(
                self._patient(str(said), fields, where=where, now=now, minutes=minutes)
            )
        return BoardList(now=now, minutes=minutes, patients=tuple(patients), ids=ids)

    def _parsed(self, data: bytes) -> object:
        try:
            return json.loads(
                data.decode("utf-8-sig"),
                object_pairs_hook=self._object,
                parse_constant=self._not_a_number,
            )
        except UnicodeDecodeError as fault:
            problem = f"is not UTF-8: byte {fault.start + 1} cannot be read"
            raise BadInput(
                file=self.file, problem=problem, cure="Write the list as UTF-8"
            ) from None
        except json.JSONDecodeError as fault:
            raise BadInput(
                file=self.file,
                line=fault.lineno,
                problem=f"is not JSON ({fault.msg}, character {fault.colno})",
                cure="Write one JSON object with " + ", ".join(LIST_KEYS),
            ) from None
        except (RecursionError, ValueError):
            raise BadInput(
                file=self.file,
                problem="holds a number with thousands of digits, or lists thousands deep",
                cure="Write one JSON object with " + ", ".join(LIST_KEYS),
            ) from None

    def _object(self, pairs: list[tuple[str, object]]) -> dict[str, object]:
        keys = [key for key, _ in pairs]
        twice = sorted({key for key in keys if keys.count(key) > 1})
        if twice:
            raise self._fault(twice[0], "stands twice in one object", "Write it once")
        return dict(pairs)

    def _not_a_number(self, word: str) -> Never:
        raise BadInput(
            file=self.file,
            problem="holds a value that JSON does not have",
            cure="Write a number, or null where nothing is known",
            values=[word],
        )

    def _fault(
        self, where: str, problem: str, cure: str, values: tuple[str, ...] = ()
    ) -> BadInput:
        return BadInput(
            file=self.file,
            column=where or None,
            problem=problem,
            cure=cure,
            values=values,
        )

    def _fields(
        self, value: object, *, where: str, keys: tuple[str, ...], what: str
    ) -> dict[str, object]:
        form = f"Write {what} as an object with {', '.join(keys)}"
        if not isinstance(value, dict):
            raise self._fault(where, "is not an object", form)
        unknown = tuple(key for key in value if key not in keys)
        if unknown:
            raise self._fault(where, "has a key that we do not know", form, unknown)
        missing = [k for k in keys if k not in value and k not in _MAY_BE_LEFT_OUT]
        if missing:
            raise self._fault(where, f"lacks {', '.join(missing)}", form)
        return value

    def _minutes(self, value: object) -> dict[str, int]:
        cure = f"Write minutes for {_LEVELS}, and for {NOT_TRIAGED!r}: not triaged"
        if not isinstance(value, dict):
            raise self._fault("minutes", "is not an object", cure)
        found: dict[str, int] = {}
        for key, number in value.items():
            code = _BY_NUMBER.get(key, key)
            where = f"minutes.{code}"
            if code not in (*ARRIVAL.codes, NOT_TRIAGED):
                raise self._fault(
                    "minutes", "has a level that we do not know", cure, (key,)
                )
            if code in found:
                raise self._fault(
                    where, "stands twice, as a name and as a number", cure
                )
            if (
                not isinstance(number, int)
                or isinstance(number, bool)
                or not 0 <= number <= MOST_MINUTES
            ):
                raise self._fault(
                    where,
                    "is not a number of minutes",
                    f"Write a whole number from 0 to {MOST_MINUTES}",
                    (_shown(number),),
                )
            found[code] = number
        return found

    def _patient(
        self,
        patient_id: str,
        fields: Mapping[str, object],
        *,
        where: str,
        now: datetime,
        minutes: Mapping[str, int],
    ) -> WaitingPatient:
        level = self._level(fields["level"], where=f"{where}.level")
        code = NOT_TRIAGED if level is None else level.code
        if code not in minutes and code != ARRIVAL.codes[0]:
            raise self._fault(
                f"{where}.level",
                f"there are no minutes for {code!r}",
                f'Add "{code}" with its minutes to "minutes"',
            )
        looked = fields.get("last_seen_at")
        return WaitingPatient(
            patient_id=patient_id,
            level=level,
            arrived_at=self._past(
                fields["arrived_at"], where=f"{where}.arrived_at", now=now
            ),
            last_seen_at=None
            if looked is None
            else self._past(looked, where=f"{where}.last_seen_at", now=now),
        )

    def _id(
        self, value: object, *, where: str, taken: Mapping[str, object]
    ) -> str | int:
        cure = f"Write a text of 1 to {LONGEST_ID} characters, or a whole number"
        if not isinstance(value, str | int) or isinstance(value, bool):
            raise self._fault(where, "is not an id", cure)
        text = str(value)
        if not text.strip() or len(text) > LONGEST_ID or not text.isprintable():
            raise self._fault(where, "is empty, too long or cannot be printed", cure)
        if text in taken:
            raise self._fault(
                where, "has come before", "Give each patient an id of its own"
            )
        return value

    def _level(self, value: object, *, where: str) -> Hastegrad | None:
        if value is None:
            return None
        if isinstance(value, str | int) and not isinstance(value, bool):
            code = _BY_NUMBER.get(str(value), str(value))
            if code in ARRIVAL.codes:
                return ARRIVAL.level(code)
        raise self._fault(
            where,
            "is not a level of the arrival scale",
            f"Use {_LEVELS}; null for a patient who is not triaged",
            (_shown(value),),
        )

    def _past(self, value: object, *, where: str, now: datetime) -> datetime:
        moment = self._moment(value, where=where)
        if moment > now:
            raise self._fault(
                where,
                'is after "now"',
                'Correct the moment or "now": the board holds what has happened',
                (_shown(value),),
            )
        return moment

    def _moment(self, value: object, *, where: str) -> datetime:
        try:
            moment = datetime.fromisoformat(value if isinstance(value, str) else "")
            if moment.tzinfo is not None and moment.year in YEARS:
                return moment.astimezone(UTC)
        except ValueError:
            pass
        raise self._fault(
            where,
            "is not a moment with an offset from UTC",
            "Write it as 2026-01-31T23:59:00+01:00, or with Z for UTC",
            (_shown(value),),
        )


def _shown(value: object) -> str:
    """A value as it stood in the text; `BadInput` cuts it to a readable length."""
    if isinstance(value, list | dict):
        return "[…]" if isinstance(value, list) else "{…}"
    return value if isinstance(value, str) else json.dumps(value)
