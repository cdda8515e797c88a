"""From degrees to the metres of the map, beside PROJ."""

import numpy as np
import pytest

from varde.engines.access.projection import longitude_latitude, utm33


# EPSG:4258 to EPSG:25833 by pyproj 3.7 (PROJ 9): longitude, latitude, east, north
BY_PROJ = [
    (10.757933, 59.911491, 262863.4531, 6649155.1066),  # Oslo
    (5.319717, 60.388, -32301.8713, 6733856.1025),  # Bergen, west of zone 33
    (18.956, 69.6496, 653445.4201, 7731767.3657),  # Tromsø
    (30.045, 69.727, 1076688.2737, 7806963.3558),  # Kirkenes, east of it
    (13.206, 65.8452, 418092.1515, 7303825.9413),  # Mosjøen
    (4.7, 61.0, -55483.6081, 6806630.3054),
    (31.1, 70.37, 1097469.6703, 7886843.2561),  # Vardø
]


@pytest.mark.parametrize(("longitude", "latitude", "east", "north"), BY_PROJ)
def test_a_place_is_where_proj_puts_it(longitude, latitude, east, north):
    found = utm33(np.array([longitude]), np.array([latitude]))
    assert found[0] == pytest.approx([east, north], abs=0.01)
    back = longitude_latitude(np.array([(east, north)]))
    assert back[0] == pytest.approx([longitude, latitude], abs=1e-7)  # a centimetre


def test_an_unknown_place_stays_unknown():
    found = utm33(np.array([np.nan, 15.0]), np.array([60.0, 60.0]))
    assert np.isnan(found[0]).all()
    assert np.isfinite(found[1]).all()
