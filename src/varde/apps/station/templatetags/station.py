"""Small parts that stand on many of the station's screens."""

from functools import lru_cache

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString

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


@register.simple_tag
def address(name, number):
    """As `{% url %}` of a page with one number in its address, for lists of many rows."""
    return _address(name, number)


@lru_cache(maxsize=4096)
def _address(name, number):
    return SafeString(reverse(name, args=[number]))  # of our own letters and digits


@register.filter(expects_localtime=True)
def clock(moment):
    """Hours and minutes, as `time:"H:i"`, for lists of many rows; "" for none."""
    return SafeString(f"{moment.hour:02}:{moment.minute:02}") if moment else ""


@register.filter
def iso(moment):
    """A moment for a script, as `date:"c"`, for lists of many rows."""
    return SafeString(moment.isoformat())
