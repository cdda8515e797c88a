"""The car without net: its worker, and the shell it shows. Nothing of a patient.

Both are the same for everybody in one language and need no log-in: a telephone reads
them while it has net, and the shell works from what the telephone itself keeps.
"""

import json
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from varde.apps.station.messages.missions import PRESS
from varde.domain.mission import CHAIN


WORKER = "station/car_worker.js"
# In the order in which the shell loads them: away.js before what builds on it.
FILES = (
    "web/varde.svg",
    "npm/theme/digdir.css",
    "npm/designsystemet/index.css",
    "web/varde.css",
    "station/station.css",
    "station/away.js",
    "web/varde.js",
    "station/mission.js",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShellFile:
    """A file of the shell, at an address that is another when it is changed."""

    name: str
    address: str

    @property
    def is_style(self) -> bool:
        """Whether it is a style sheet."""
        return self.name.endswith(".css")

    @property
    def is_script(self) -> bool:
        """Whether it is a script."""
        return self.name.endswith(".js")


@require_GET
def worker(request):
    """The worker: its list of what to keep, and its version, come first."""
    made = HttpResponse(
        _worker(get_language()), content_type="text/javascript; charset=utf-8"
    )
    made["Cache-Control"] = "no-cache"
    return made


@require_GET
def shell(request):
    """What a page of the car is without net."""
    return HttpResponse(_shell(get_language()))


@cache
def _shell(language: str) -> str:
    return render_to_string(
        "station/missions/away.html",
        {"files": _files(), "legs": [(leg, PRESS[leg]) for leg in CHAIN]},
    )


@cache
def _worker(language: str) -> str:
    files = [file.address for file in _files()]
    own = {
        "version": _version(_shell(language).encode()),
        "shell": reverse("station:away"),
        "files": files,
    }
    code = _bytes_of(WORKER).decode()
    return f"const CAR = {json.dumps(own)};\n{code}"


@cache
def _files() -> tuple[ShellFile, ...]:
    return tuple(
        ShellFile(name=name, address=f"{static(name)}?v={_version(_bytes_of(name))}")
        for name in FILES
    )


def _bytes_of(name: str) -> bytes:
    found = finders.find(name)
    if not isinstance(found, str):
        raise FileNotFoundError(f"the shell of the car has no file {name!r}")
    return Path(found).read_bytes()


def _version(content: bytes) -> str:
    return sha256(content).hexdigest()[:12]
