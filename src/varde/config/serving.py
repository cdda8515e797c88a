"""The web processes: Granian with Varde's application, as a child of `varde serve`.

Run as `python -m varde.config.serving`. Settings come from the environment.
"""

import argparse
import os
import signal
import threading
import time

import psutil


PARENT = "VARDE_PARENT"  # the process that watches over this one
KILL_AFTER_S = 4  # workers that hang at a stop are ended
PARENT_LOOK_S = 1.0


def main() -> None:
    """Serve until told to stop. Dies with its parent."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--workers", type=int, required=True)
    asked = parser.parse_args()
    end_with_parent()
    os.environ[PARENT] = str(os.getpid())  # for the workers

    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    # One open stream is one request at work for hours, so many must fit beside each other.
    Granian(
        target="varde.config.asgi:application",
        address=asked.host,
        port=asked.port,
        workers=asked.workers,
        interface=Interfaces.ASGI,
        websockets=False,
        backlog=2048,
        backpressure=2048,
        respawn_failed_workers=True,
        respawn_interval=0.2,
        workers_kill_timeout=KILL_AFTER_S,
        log_level=LogLevels.warning,
    ).serve()


def end_with_parent() -> None:
    """Watch the parent from a thread; when it is gone, end this process and its children.

    A supervisor that was killed leaves no server behind that nobody watches. Who the
    parent is, it says itself: it may be gone before this process looks. A process that
    was told of none (started by hand, or by the system) watches nobody.
    """
    parent = int(os.environ.get(PARENT, "0"))
    if not parent:
        return

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(PARENT_LOOK_S)
        children = psutil.Process().children(recursive=True)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(KILL_AFTER_S)
        for child in children:
            if child.is_running():
                child.kill()
        os._exit(1)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()


def drop_streams(pid: int) -> None:
    """Ask the workers of a web process to end their streams before it is stopped."""
    try:
        workers = psutil.Process(pid).children()
    except psutil.NoSuchProcess:
        return
    for worker in workers:
        try:
            worker.send_signal(signal.SIGUSR1)
        except psutil.NoSuchProcess:
            continue


if __name__ == "__main__":
    main()
