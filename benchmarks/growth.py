"""Growth: the same night after a month and after a year, and where each spends it.

Beside each night, when asked, the same marts by hand (see `plain`), so that both sides
of every ratio are measured minutes apart.
"""

import json
import shutil
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from benchmarks import cost, plain
from benchmarks.agreement import rows_that_differ
from benchmarks.cost import Cost
from benchmarks.county import DAY, FullCounty, Size
from benchmarks.report import say

PUBLISHED: Final = (0, 5)
StageCosts = dict[str, dict[str, float]]


@dataclass
class Nights:
    """The measured repeats of one county's night, and of the marts by hand."""

    county: FullCounty
    first_night: StageCosts = field(default_factory=dict)
    whole: list[Cost] = field(default_factory=list)
    stages: list[StageCosts] = field(default_factory=list)
    plain_night: list[Cost] = field(default_factory=list)
    plain_history: list[Cost] = field(default_factory=list)
    differ: dict[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def known(self) -> Path:
        """Where the polls known before the night are kept for the script."""
        return self.county.home / "known"

    def prepare(self) -> None:
        """Bring the county to the evening before, as its nights would have."""
        county, past = self.county, self.county.past
        night, before = county.size.night, county.size.night - DAY
        name = f"{county.size.months} 个月"
        say(f"{name}：数据源到 {before}")
        county.advance_to(before)
        say(f"{name}：历史采样 {county.land_old_polls():,} 条已落地；首晚并入全部历史")
        _, self.first_night = run_night(county, before)
        past.log_nights(before - DAY)
        (first_editions,) = past.folders.ledger.glob("[0-9]*.parquet")
        editions = past.record_editions(first_editions, before - DAY)
        first_editions.unlink()
        shutil.rmtree(past.folders.published)
        say(f"{name}：台账 {editions:,} 条；再跑一次 {before}")
        run_night(county, before)
        plain.keep_known(past.folders, self.known)
        county.advance_to(night)
        county.save()

    def run(self) -> None:
        """Run the night once more from the same beginning."""
        say(f"{self.county.size.months} 个月：{self.county.size.night} 这一晚")
        self.county.restore()
        took, stages = run_night(self.county, self.county.size.night)
        self.whole.append(took)
        self.stages.append(stages)

    def run_plain(self) -> None:
        """Compute the night by hand, beginning from what was known before."""
        self.plain_night.append(self._by_hand(["--known", str(self.known)]))

    def run_plain_history(self) -> None:
        """Compute the night by hand from all of history, and compare the results."""
        say(f"{self.county.size.months} 个月：手写脚本读全部历史")
        self.plain_history.append(self._by_hand([]))
        folders = self.county.past.folders
        self.differ = rows_that_differ(folders.marts, self._out)

    @property
    def _out(self) -> Path:
        return self.county.home / "plain.duckdb"

    def _by_hand(self, options: Sequence[str]) -> Cost:
        costs = self.county.home / "plain.json"
        command = [sys.executable, "-m", "benchmarks.plain"]
        command += [str(self.county.data_dir), str(self._out), str(costs), *options]
        whole = cost.of_command(command)
        script = Cost(**json.loads(costs.read_text(encoding="utf-8"))["script"])
        return Cost(script.wall_s, script.cpu_s, whole.peak_mb)

    def stage(self, name: str) -> Cost:
        """Return the median of a stage."""
        return cost.median([Cost(**stages[name]) for stages in self.stages])

    @property
    def transform(self) -> Cost:
        """The median of the transform without dbt's own start."""
        return cost.median([transform_of(stages) for stages in self.stages])


def transform_of(stages: StageCosts) -> Cost:
    """Return what the transform took from its first node on."""
    whole, start = Cost(**stages["transform"]), Cost(**stages["dbt_start"])
    return Cost(whole.wall_s - start.wall_s, whole.cpu_s - start.cpu_s)


def run_night(county: FullCounty, day: date) -> tuple[Cost, StageCosts]:
    """Run one night in a process of its own; return what it and its stages took."""
    out = county.home / "stages.json"
    took = cost.of_command(
        [sys.executable, "-m", "benchmarks.night", str(day), str(out)],
        county.environment,
        PUBLISHED,
    )
    return took, json.loads(out.read_text(encoding="utf-8"))


def measure(
    home: Path, night: date, scale: float, repeats: int, by_hand: bool
) -> dict[int, Nights]:
    """Run the same night in turn in a county with a month and one with a year."""
    with ExitStack() as running:
        nights = {
            months: Nights(
                running.enter_context(
                    FullCounty(Size(months, night, scale), home / f"{months}-months")
                )
            )
            for months in (1, 12)
        }
        for one in nights.values():
            one.prepare()
        for _ in range(repeats):
            for one in nights.values():
                one.run()
                if by_hand:
                    one.run_plain()
        if by_hand:
            for one in nights.values():
                one.run_plain_history()
        return nights


def growth(nights: dict[int, Nights]) -> dict[str, Any]:
    """Compare the whole nights."""
    short, long = (cost.median(nights[months].whole) for months in (1, 12))
    return {
        "ratio_wall": long.wall_s / short.wall_s,
        "ratio_cpu": long.cpu_s / short.cpu_s,
        "peak_mb": max(short.peak_mb, long.peak_mb),
        **{
            f"{months} months": {
                "night": cost.median(one.whole).as_json(),
                "repeats": [took.as_json() for took in one.whole],
                "stages": {name: one.stage(name).as_json() for name in one.stages[0]},
                "first_night": one.first_night,
            }
            for months, one in nights.items()
        },
    }


def transform(nights: dict[int, Nights]) -> dict[str, Any]:
    """Compare the transform with the same marts by hand."""
    return {f"{months} months": against_plain(one) for months, one in nights.items()}


def against_plain(one: Nights) -> dict[str, Any]:
    """Return what the transform of a county took against the marts by hand."""
    ours, first = one.transform, transform_of(one.first_night)
    by_night, by_history = cost.median(one.plain_night), cost.median(one.plain_history)
    return {
        "dbt_start": one.stage("dbt_start").as_json(),
        "transform": ours.as_json(),
        "first_transform": first.as_json(),
        "plain_given_slots": by_night.as_json(),
        "plain_from_history": by_history.as_json(),
        "ratio_given_slots": _ratios(ours, by_night),
        "ratio_from_history": _ratios(ours, by_history),
        "ratio_first_from_history": _ratios(first, by_history),
        "rows_that_differ": one.differ,
    }


def _ratios(ours: Cost, theirs: Cost) -> dict[str, float]:
    return {"wall": ours.wall_s / theirs.wall_s, "cpu": ours.cpu_s / theirs.cpu_s}
