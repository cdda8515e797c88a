import pytest

from varde.engines.simulation.cluster_address import cluster_address


@pytest.mark.parametrize("text", ["", "  ", "tcp://a:1", "tls://10.0.0.5:8786"])
def test_an_address_is_given_back(text):
    assert cluster_address(text) == text.strip()


@pytest.mark.parametrize("text", ["a:1", "http://a:1", "tcp://a", "tcp://a:99999999"])
def test_anything_else_is_refused_with_what_it_must_be(text):
    with pytest.raises(ValueError, match=r"tcp://10\.0\.0\.5:8786"):
        cluster_address(text)
