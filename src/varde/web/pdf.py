"""Paper: a Typst template and what it is told become a PDF."""

import json
from collections.abc import Mapping
from datetime import datetime
from importlib import resources
from typing import Any

import typst


def draw_pdf(
    package: str, template: str, told: Mapping[str, Any], *, at: datetime
) -> bytes:
    """The PDF of a template of a package, such as `rota.typ`, as it was at a moment.

    The template reads `json(bytes(sys.inputs.at("told")))`. Only the fonts that Typst brings are
    used, so the same input gives the same bytes on every machine.
    """
    drawn: bytes = typst.compile(
        (resources.files(package) / template).read_bytes(),
        format="pdf",
        sys_inputs={"told": json.dumps(told, ensure_ascii=False)},
        ignore_system_fonts=True,
        timestamp=int(at.timestamp()),
    )
    return drawn
