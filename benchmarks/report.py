"""Report: what a benchmark found, for people and for programs."""

import json
import os
import platform
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import duckdb

_STARTED = time.monotonic()


def say(text: str) -> None:
    """Say how far the run is."""
    sys.stderr.write(f"[{time.monotonic() - _STARTED:6.0f} 秒] {text}\n")
    sys.stderr.flush()


def machine() -> dict[str, Any]:
    """Describe the machine and how busy it is with other work."""
    return {
        "processors": os.cpu_count(),
        "load_average": [round(load, 2) for load in os.getloadavg()],
        "python": platform.python_version(),
        "duckdb": duckdb.__version__,
    }


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table in Markdown."""
    print("| " + " | ".join(head) + " |")
    print("|" + "---|" * len(head))
    for row in rows:
        print("| " + " | ".join(_cell(value) for value in row) + " |")


def write(found: dict[str, Any], path: Path) -> None:
    """Write what was found as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        json.dumps({"machine": machine(), **found}, ensure_ascii=False, indent=1)
        + "\n",
        encoding="utf-8",
    )


def _cell(value: object) -> str:
    return f"{value:,.2f}" if isinstance(value, float) else str(value)
