"""Small parts that stand on many of the station's screens."""

from django import template

from varde.apps.station import messages
from varde.apps.station.messages.waits import wait_text


register = template.Library()


@register.filter
def wait(estimate):
    """A wait in words; empty for one who does not wait."""
    return wait_text(estimate) if estimate is not None else ""


@register.filter
def way(code):
    """How the patient came."""
    return messages.WAY.get(code, code)


@register.filter
def of(mapping, key):
    """The value of a key; "" where there is none."""
    return mapping.get(key, "") if mapping else ""
