"""Night: run one night in this process, as `cityledger nightly` does, and time it.

`python -m benchmarks.night 2025-06-29 out.json` writes what each stage took.
"""

import json
import sys
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

from benchmarks.cost import Stages

_DONE = (0, 5)


def main(day: date, out: Path) -> int:
    """Run a night, write the seconds of its stages, return its exit code."""
    stages = Stages()
    with stages.stage("imports"):
        from cityledger import night, settings, transform  # noqa: PLC0415

    with ExitStack() as measured:
        for name, module, function in (
            ("land", night, "land_all"),
            ("build", night, "build"),
            ("transform", transform, "transform"),
            ("audit", night, "gate"),
            ("publish", night, "publish"),
        ):
            timed = _timed(stages, name, getattr(module, function))
            measured.enter_context(patch.object(module, function, timed))
        code = night.run(day, settings.read_settings(), tell=_Listener(stages))
    out.write_text(json.dumps(stages.as_json()), encoding="utf-8")
    return 0 if code in _DONE else code


def _timed(
    stages: Stages, name: str, function: Callable[..., Any]
) -> Callable[..., Any]:
    def timed(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - any function
        with stages.stage(name):
            return function(*arguments, **named)

    return timed


class _Listener:
    """Hears dbt's first node: what was before it was dbt's own start."""

    def __init__(self, stages: Stages) -> None:
        self._stages = stages

    def doing(self, text: str) -> None:
        """Note when the first node is announced."""
        if text.startswith("计算 ") and "dbt_start" not in self._stages.costs:
            took = self._stages.since_beginning_of("transform")
            self._stages.costs["dbt_start"] = took

    def note(self, text: str) -> None:
        """Pass on what an operator would read."""
        sys.stderr.write(f"    {text}\n")


if __name__ == "__main__":
    sys.exit(main(date.fromisoformat(sys.argv[1]), Path(sys.argv[2])))
