"""The address of the cluster that a simulation may be spread over."""

from urllib.parse import urlparse


SCHEMES = frozenset({"tcp", "tls"})


def cluster_address(text: str) -> str:
    """The checked address of a Dask scheduler; empty where there is none.

    Raises `ValueError`, with what it must be, for anything else.

    >>> cluster_address(" tcp://10.0.0.5:8786 ")
    'tcp://10.0.0.5:8786'
    """
    address = text.strip()
    parts = urlparse(address)
    try:
        is_whole = parts.scheme in SCHEMES and parts.hostname and parts.port
    except ValueError:  # no port can be that high
        is_whole = False
    if address and not is_whole:
        raise ValueError(
            f"is {address!r}. It must be the address of a Dask scheduler, such as\n"
            "tcp://10.0.0.5:8786, or empty to simulate on this machine."
        )
    return address
