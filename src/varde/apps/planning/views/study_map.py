"""The map of a study: each scenario's places, and the outlines that they lie on."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from varde.apps.planning.queries.scenario_map import is_placed, map_figures
from varde.apps.planning.travel_ground import ground, is_at_hand


def map_of(found):
    """What the page of a study needs for its map."""
    return {
        "map_figures": map_figures(found),
        "map_bands": [
            _("inntil 20 min"),
            _("20–40"),
            _("40–60"),
            _("60–90"),
            _("over 90"),
            _("ingen vei, eller ingen der"),
        ],
        "outlines": outlines_for(found.scenarios),
    }


def outlines_for(scenarios):
    """The address of the outlines; empty where no scenario says where its places are.

    Empty too while a country that was imported is not read: that takes some seconds.
    """
    home = settings.VARDE_HOME
    if not any(map(is_placed, scenarios)) or not is_at_hand(home=home):
        return ""
    here, _fault = ground(home=home, today=timezone.localdate())
    if here.outlines is None:
        return ""
    return reverse("planning:travel_outlines", args=[here.mark])
