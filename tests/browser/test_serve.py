"""Serve: starts both sets of pages, stops them, and nothing else."""

import signal
import socket
from pathlib import Path

import psutil
import pytest

from cityledger.serve import ServeError, serve
from cityledger.settings import Settings
from tests.browser.conftest import free_port, is_listening, serving


def test_a_stop_signal_ends_both_servers(tmp_path: Path) -> None:
    with serving(tmp_path) as pages:
        children = psutil.Process(pages.process.pid).children()
        assert is_listening(pages.leaders)
        assert is_listening(pages.public)

        pages.process.send_signal(signal.SIGTERM)
        pages.process.wait(30)

        assert pages.process.returncode == 0
        assert len(children) == 2
        assert not any(child.is_running() for child in children)


def test_only_this_machine_can_reach_the_pages(tmp_path: Path) -> None:
    with serving(tmp_path) as pages:
        listening = {
            connection.laddr.ip
            for child in psutil.Process(pages.process.pid).children()
            for connection in child.net_connections("inet")
            if connection.status == psutil.CONN_LISTEN
        }

    assert listening == {"127.0.0.1"}


def test_a_taken_port_is_named_and_nothing_is_left_running(tmp_path: Path) -> None:
    before = set(psutil.Process().children())
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        settings = Settings(data_dir=tmp_path)

        with pytest.raises(ServeError, match=f"公众页的端口 {taken} 已被占用"):
            serve(settings, free_port(), taken)

    assert set(psutil.Process().children()) == before
