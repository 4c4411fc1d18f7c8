"""Missed nights: the days that should have had a night and have none."""

from datetime import date, timedelta

from cityledger import runs
from cityledger.runs import PUBLISHED_OUTCOMES
from cityledger.settings import DataDir

_DAY = timedelta(days=1)


def missed(folders: DataDir, before: date) -> list[date]:
    """Return the days from the first night to the day before with no finished night.

    A refused night was judged; one that failed or died on the way was not.
    """
    known = runs.read(folders)
    if not known:
        return []
    settled = {run.as_of for run in known if _is_settled(run)}
    day = min(run.as_of for run in known)
    gaps = []
    while day < before:
        if day not in settled:
            gaps.append(day)
        day += _DAY
    return gaps


def listed(days: list[date]) -> str:
    """Return days as text, as runs of consecutive days."""
    spans: list[list[date]] = []
    for day in days:
        if spans and spans[-1][-1] + _DAY == day:
            spans[-1].append(day)
        else:
            spans.append([day])
    return "、".join(
        f"{span[0]}" if len(span) == 1 else f"{span[0]} 至 {span[-1]}" for span in spans
    )


def _is_settled(run: runs.Run) -> bool:
    return run.outcome in (*PUBLISHED_OUTCOMES, "refused", "running")
