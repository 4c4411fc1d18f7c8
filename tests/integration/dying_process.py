"""Dying process: a load in a process of its own that is killed at a chosen moment."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from datetime import date

# Files appear by renames: dying before each of them in turn visits every state that a
# reader, or the next load, could find.
_LAND_AND_DIE = """
import os, signal, sys
from datetime import date

from cityledger.land import land
from cityledger.settings import read_settings

source, day, renames = sys.argv[1], date.fromisoformat(sys.argv[2]), int(sys.argv[3])
replace = os.replace

def replace_or_die(*names):
    global renames
    if renames == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    renames -= 1
    replace(*names)

os.replace = replace_or_die
load = land(source, day, read_settings())
sys.exit(0 if load.outcome == "ok" else 1)
"""
NEVER = 1_000_000


def start(
    source: str, day: date, environment: Mapping[str, str], renames: int = NEVER
) -> "subprocess.Popen[bytes]":
    """Start a load that lives through so many renames."""
    return subprocess.Popen(
        [sys.executable, "-c", _LAND_AND_DIE, source, f"{day}", f"{renames}"],
        env={**os.environ, **environment},
    )


def dies(source: str, day: date, environment: Mapping[str, str], renames: int) -> bool:
    """Run such a load to its end and say whether it was killed."""
    code = start(source, day, environment, renames).wait(timeout=120)
    assert code in (0, -signal.SIGKILL)
    return code == -signal.SIGKILL
