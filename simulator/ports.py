"""Ports: a free one on loopback."""

import socket


def free_port(wanted: int | None = None) -> int:
    """Return the wanted port if nobody listens there, else any free one."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted or 0))
        except OSError:
            return free_port()
        return int(probe.getsockname()[1])
