"""The operators of a week as they are asked for: counted, with where each number is from."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from varde.apps.planning import operators_form as form
from varde.apps.planning.queries import kept
from varde.apps.planning.queries import operators_shown as shown
from varde.apps.records.models import DatedSetting, Sentral
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.messages.numbers import number


NORM = {"grense": ("answer.limit_s", 1.0), "mal": ("answer.goal_share", 100.0)}


class Asked:
    """What is asked for, counted. `problems` are in words; without a week nothing is."""

    def __init__(self, workplace: Workplace, data: Mapping[str, str]) -> None:
        self.sentral = Sentral.objects.get(pk=workplace.sentral_id)
        self.row = kept.newest(workplace)
        self.found = self.row.found if self.row else {}
        self.typed = form.read(data)
        self.problems = list(self.typed.problems)
        self.mondays = form.mondays(self.found)
        self.defaults = form.of_measured(
            self.found.get("measured"),
            norm=_norm(),
            measured_words=_measured_words(self.found.get("measured")),
            not_measured=_("Anropene sier det ikke. Skriv et tall."),
        )
        self.numbers = form.used(self.typed, self.defaults)
        self.monday = self.week = None
        self.missing = form.missing(self.numbers) if self.mondays else []
        if self.mondays:
            self.monday = form.monday_of(
                self.typed.week, among=self.mondays, today=timezone.localdate()
            )
            if self.monday is None:
                self.problems.append(
                    _("Uka er ikke blant dem prognosen har. Velg en fra lista.")
                )
        if self.monday and not self.problems and not self.missing:
            self._count()

    def _count(self) -> None:
        try:
            callers, norm = form.callers_and_norm(self.numbers)
            halves = shown.counted(
                shown.means_of(self.found, self.monday), self.monday, callers, norm
            )
        except ValueError:
            self.problems.append(
                _(
                    "Målet nås ikke med noe antall operatører. Skriv et lavere mål, en "
                    "lengre grense eller kortere pause."
                )
            )
            return
        self.week = shown.week(self.sentral, halves, chosen=self.typed.chosen)

    def assumed(self) -> dict[str, Any]:
        """All that the week was counted from, to be kept with it."""
        return {
            "week": form.week_code(self.monday),
            "forecast": self.row.pk,
            "forecast_made_at": self.row.made_at.isoformat(),
            "numbers": [
                {
                    "name": name,
                    "value": self.numbers[name],
                    "source": self._source(name),
                }
                for name in form.NAMES
            ],
        }

    def _source(self, name: str) -> str:
        if name in self.typed.values:
            return _("Skrevet av planleggeren.")
        return self.defaults.sources[name]

    def fields(self) -> list[dict[str, Any]]:
        """The form's fields, with what stands where nothing is written."""
        return [
            {
                "name": field.name,
                "label": field.label,
                "unit": field.unit,
                "text": self.typed.text[field.name],
                "usual": None
                if self.defaults.values[field.name] is None
                else number(self.defaults.values[field.name]),
                "source": self.defaults.sources[field.name],
            }
            for field in form.FIELDS
        ]

    def query(self) -> dict[str, str]:
        """What is set, as an address has it: no empty fields."""
        set_ = {name: text for name, text in self.typed.text.items() if text}
        if self.monday:
            set_["uke"] = form.week_code(self.monday)
        return set_


def _measured_words(measured: Mapping[str, Any] | None) -> str:
    if measured is None:
        return ""
    until = date.fromisoformat(measured["until"])
    return _("Målt på %(calls)s egne anrop, %(weeks)s uker til %(until)s.") % {
        "calls": measured["calls"],
        "weeks": measured["weeks"],
        "until": date_format(until, "j. F Y"),
    }


def _norm() -> dict[str, tuple[float, str]]:
    """The norm that holds today, with its source."""
    today = timezone.localdate()
    found = {}
    for name, (key, times) in NORM.items():
        row = (
            DatedSetting.objects.filter(
                key=key, station=None, district=None, valid_from__lte=today
            )
            .exclude(valid_to__lte=today)
            .order_by("-valid_from")
            .first()
        )
        found[name] = (float(row.value) * times, row.source)
    return found
