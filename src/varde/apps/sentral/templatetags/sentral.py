"""Small parts that stand on many of the sentral's screens."""

from functools import lru_cache

from django import template
from django.utils.html import format_html
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from varde.apps.sentral import messages


register = template.Library()


@register.simple_tag
def hastegrad(code):
    """A hastegrad as word, shape and colour. Unknown is shown as unknown."""
    return _hastegrad(code, get_language())


@lru_cache(maxsize=256)
def _hastegrad(code, language):
    with override(language):
        words = messages.HASTEGRAD.get(code) if code else None
        if words is None:
            return format_html(
                '<span class="hastegrad hastegrad-ukjent">{}</span>', _("Ikke satt")
            )
        return format_html(
            '<span class="hastegrad hastegrad-{}">{}</span>', code, words
        )


@register.inclusion_tag("sentral/desk/field.html")
def field(name, label, value, options=None):
    """One field that is saved by itself. Options: a list of pairs, or a datalist's id."""
    if value is True:
        value = "yes"
    elif value is False:
        value = "no"
    return {
        "name": name,
        "label": label,
        "value": "" if value is None else str(value),
        "choices": options if isinstance(options, (list, tuple)) else None,
        "datalist": options if isinstance(options, str) else "",
    }


@register.filter
def percent(share):
    """A share as whole per cent; a dash when unknown."""
    return "–" if share is None else f"{share * 100:.0f} %".replace(".", ",")


@register.simple_tag
def typed_or(typed, name, otherwise):
    """What was typed in a field, or another value where the page is new."""
    return typed.get(name, otherwise) if typed else otherwise
