"""Read by every Python process that has this folder on its path: the outer network is cut.

An audit hook cannot be taken away again. Loopback and sockets of the machine are free; all
else is refused and written down.
"""

import os
import sys


FREE = ("127.", "::1", "localhost", "0.0.0.0")
TRIES = os.environ["VARDE_TEST_TRIES"]


def _cut(event, args):
    if event in {"socket.connect", "socket.sendto", "socket.sendmsg"}:
        wanted = args[1]
    elif event in {"socket.getaddrinfo", "socket.gethostbyname"}:
        wanted = args[:1]
    else:
        return
    if not isinstance(wanted, tuple) or not wanted:
        return  # a socket of the machine, by its path
    host = wanted[0]
    host = host.decode() if isinstance(host, bytes) else str(host or "localhost")
    if host.startswith(FREE):
        return
    descriptor = os.open(TRIES, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.write(descriptor, f"{event} {host}\n".encode())
    os.close(descriptor)
    raise OSError(101, f"the network is cut: {host}")


sys.addaudithook(_cut)
with open(TRIES + ".cut", "a") as mark:
    mark.write(f"{os.getpid()}\n")
