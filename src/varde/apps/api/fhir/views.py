"""The FHIR API: read and search, `/api/fhir/R4/`."""

import json
import logging
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any
from urllib.parse import parse_qsl

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.http import http_date, parse_etags
from django.views.decorators.csrf import csrf_exempt

from varde.apps.api.fhir import faults, reading_log
from varde.apps.api.fhir.asking import MOST_PARAMETERS, Search, read_search
from varde.apps.api.fhir.capability import statement
from varde.apps.api.fhir.faults import Fault, Issue, refuse
from varde.apps.api.fhir.identity import Asker, identify, no_scope
from varde.apps.api.fhir.kinds import Kind
from varde.apps.api.fhir.negotiating import TYPE, check_body, check_form, is_strict
from varde.apps.api.fhir.parts import Json
from varde.apps.api.fhir.resources import KINDS
from varde.apps.api.fhir.searching import Drawn, Page, one_of, page_of
from varde.apps.records.scope import tell_database


log = logging.getLogger("varde.api")

PATH = "/api/fhir/R4"
LONGEST_BODY = 20_000  # bytes of a search
READ_ONLY = "This API is read only: GET, and POST to [type]/_search."

type View = Callable[..., HttpResponse]


def base() -> str:
    """The address of this server, as it stands in what it gives out."""
    return settings.PUBLIC_ADDRESS.rstrip("/") + PATH


def answered(*methods: str) -> Callable[[View], View]:
    """A view that answers every fault with an OperationOutcome, and logs what it refused.

    The words of codes are Norwegian whoever asks: a version must not change with the
    language of the asker.
    """

    def decorate(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def inner(request: HttpRequest, **named: Any) -> HttpResponse:
            request.asker = None
            with translation.override("nb"):
                try:
                    if request.method not in methods:
                        raise _not_allowed(methods)
                    check_form(request)
                    return view(request, **named)
                except Fault as fault:
                    reading_log.log_refused(request, fault, request.asker)
                    return _fault(fault)
                except Exception as error:
                    # Undone with the transaction. The kind and the place are in the log
                    # of the process, never the text (config.logs).
                    log.error("fhir: %s", type(error).__name__, exc_info=True)
                    return _fault(_broken())

        return inner

    return decorate


@answered("GET", "HEAD")
def metadata(request: HttpRequest) -> HttpResponse:
    """What the server can do. Open to all, as FHIR asks."""
    return _answer(statement(base()))


@answered("GET", "HEAD")
def search(request: HttpRequest, *, kind: str) -> HttpResponse:
    """Search by GET: never by what tells who a person is."""
    asker, known = _let_in(request, kind)
    return _search(request, asker, known, body=[])


@answered("POST")
def post_search(request: HttpRequest, *, kind: str) -> HttpResponse:
    """Search by POST: what is asked for is in the body, which no log keeps."""
    asker, known = _let_in(request, kind)
    check_body(request)
    return _search(request, asker, known, body=_form(request))


@answered("GET", "HEAD")
def read(request: HttpRequest, *, kind: str, resource_id: str) -> HttpResponse:
    """One resource; 304 where the asker has this version."""
    asker, known = _let_in(request, kind, way="read")
    drawn = one_of(known, resource_id, districts=asker.districts)
    reading_log.log_read(
        request,
        asker,
        what="fhir_read",
        kind=known.name,
        told=[drawn.about] if drawn is not None else [],
    )
    if drawn is None:
        raise faults.not_here()
    return _one(request, drawn)


@answered("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
def other(request: HttpRequest, *, rest: str = "") -> HttpResponse:
    """What is not here: no other address, no history, no operation."""
    _known(request)
    raise refuse(404, "not-supported", "There is no such address. See /metadata.")


def _known(request: HttpRequest) -> Asker:
    """Who asks; from here on only its districts are seen."""
    asker = identify(request)
    tell_database(districts=asker.districts)
    request.asker = asker
    reading_log.check_rate(asker)
    return asker


def _let_in(
    request: HttpRequest, kind: str, *, way: str = "search"
) -> tuple[Asker, Kind]:
    """Who asks, and for which type."""
    asker = _known(request)
    known = KINDS.get(kind)
    if known is None:
        raise refuse(404, "not-supported", f"Types given out here: {', '.join(KINDS)}.")
    is_allowed = asker.may_read if way == "read" else asker.may_search
    if not is_allowed(known.name):
        raise no_scope(known.name, way)
    return asker, known


def _search(
    request: HttpRequest, asker: Asker, kind: Kind, *, body: Sequence[tuple[str, str]]
) -> HttpResponse:
    asked = read_search(
        kind,
        address=_pairs(request.META.get("QUERY_STRING", "")),
        body=body,
        is_strict=is_strict(request),
        base=base(),
        districts=asker.districts,
    )
    page = page_of(asked, districts=asker.districts)
    reading_log.log_read(
        request,
        asker,
        what="fhir_search",
        kind=kind.name,
        told=[one.about for one in page.drawn],
        asked=asked.about_patients(),
    )
    return _answer(_bundle(asked, page))


def _bundle(asked: Search, page: Page) -> Json:
    """The page as a searchset. The total is told where it is known without counting."""
    place = f"{base()}/{asked.kind.name}"
    links = [{"relation": "self", "url": f"{place}?{asked.link(asked.after)}"}]
    if page.after is not None:
        links.append({"relation": "next", "url": f"{place}?{asked.link(page.after)}"})
    entries: list[Json] = [
        {
            "fullUrl": f"{place}/{one.resource['id']}",
            "resource": one.resource,
            "search": {"mode": "match"},
        }
        for one in page.drawn
    ]
    bundle: Json = {"resourceType": "Bundle", "type": "searchset"}
    if asked.after is None and page.after is None:
        bundle["total"] = len(entries)
    if asked.ignored:
        entries.append(
            {
                "resource": faults.outcome((_ignored(asked),)),
                "search": {"mode": "outcome"},
            }
        )
    bundle["link"] = links
    return bundle | ({"entry": entries} if entries else {})


def _ignored(asked: Search) -> Issue:
    return Issue(
        "not-supported",
        f"{len(asked.ignored)} parameter(s) are not known here and were left out of "
        "account. The self link says what was searched by.",
        severity="warning",
    )


def _one(request: HttpRequest, drawn: Drawn) -> HttpResponse:
    etag = f'W/"{drawn.version}"'
    headers = {"ETag": etag}
    if drawn.changed_at is not None:
        headers["Last-Modified"] = http_date(drawn.changed_at.timestamp())
    held = parse_etags(request.headers.get("If-None-Match", ""))
    if "*" in held or {etag, etag.removeprefix("W/")} & set(held):
        return HttpResponse(status=304, headers=headers)
    return _answer(drawn.resource, headers=headers)


def _form(request: HttpRequest) -> list[tuple[str, str]]:
    try:
        body = request.body
    except RequestDataTooBig:
        body = b" " * (LONGEST_BODY + 1)
    if len(body) > LONGEST_BODY:
        raise refuse(413, "too-long", f"A search has at most {LONGEST_BODY} bytes.")
    try:
        return _pairs(body.decode())
    except UnicodeDecodeError:
        raise refuse(400, "structure", "The body is not UTF-8.") from None


def _pairs(text: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            text,
            keep_blank_values=True,
            max_num_fields=MOST_PARAMETERS + 1,
            errors="strict",
        )
    except ValueError:
        raise refuse(
            400,
            "structure",
            "The parameters cannot be read: they are not UTF-8, or more than "
            f"{MOST_PARAMETERS}.",
        ) from None


def _answer(
    resource: Json, *, status: int = 200, headers: dict[str, str] | None = None
) -> HttpResponse:
    return HttpResponse(
        json.dumps(resource, ensure_ascii=False),
        status=status,
        content_type=f"{TYPE}; charset=utf-8",
        headers=headers,
    )


def _fault(fault: Fault) -> HttpResponse:
    return _answer(
        faults.outcome(fault.issues), status=fault.status, headers=dict(fault.headers)
    )


def _not_allowed(methods: Sequence[str]) -> Fault:
    return Fault(
        405, (Issue("not-supported", READ_ONLY),), {"Allow": ", ".join(methods)}
    )


def _broken() -> Fault:
    return refuse(
        500,
        "exception",
        "Something is wrong in Varde. Nothing was given out. What happened is in the "
        "server's log.",
    )
