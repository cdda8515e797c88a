"""The pages beside the desk: the same frame, with its first drawing, and paging."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone

from varde.apps.sentral import access
from varde.apps.sentral.queries import parts


PAGE_SIZE = 50
LAST_PAGE = 10_000


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, and whether there are others beside it."""

    rows: Sequence[Any]
    number: int
    has_next: bool

    @property
    def previous(self):
        """The number of the page before; None on the first."""
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self):
        """The number of the page after; None on the last."""
        return self.number + 1 if self.has_next else None


def show(request, template, **context):
    """The page in the frame of the sentral."""
    now = timezone.now()
    frame = {} if "alarms" in context else parts.alarms(request.sentral, now=now)
    if "today" not in context:
        frame |= parts.today(request.sentral, now=now)
    return render(request, template, {"sentral": request.sentral} | frame | context)


def may(request, *roles):
    """Whether one of these roles is held at the sentral in hand."""
    return request.sentral.pk in access.sentraler_of(request, *roles)


def page_of(request, fetch: Callable[..., Sequence[Any]], *, size=PAGE_SIZE):
    """The page asked for. `fetch` takes `first` and `most`; one more tells of a next."""
    asked = request.GET.get("side", "1")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 0
    if not 1 <= number <= LAST_PAGE:
        raise Http404
    rows = list(fetch(first=(number - 1) * size, most=size + 1))
    return Page(rows=rows[:size], number=number, has_next=len(rows) > size)
