"""Small parts that stand on many of the station's screens."""

from django import template


register = template.Library()


@register.filter
def of(mapping, key):
    """The value of a key; "" where there is none."""
    return mapping.get(key, "") if mapping else ""
