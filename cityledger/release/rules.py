"""Rules: which step may follow which, and who may not take it.

The workflow asks before a step is written; `proof` asks again of every journal, so a
step that could not have been taken is not believed because it is there.
"""

from collections.abc import Sequence
from typing import Final

from cityledger.errors import REFUSED, OperatorError, UsageError
from cityledger.release.journal import AGREED, REVIEWS, ROLES, Entry, Step

# Whoever drafted must not be the one who finds it fit to leave the house.
_NOT_THE_DRAFTER: Final = ("保密审查", "签发")
_AFTERWARDS: Final = ("更正", "归档", "撤回")
_BEFOREHAND: Final = (*REVIEWS, "签认提醒")


class WorkflowError(OperatorError):
    """A step that is not allowed, or not yet."""

    exit_code = REFUSED


def require_next(entries: Sequence[Entry], step: Step, by: str) -> None:
    """Refuse a step that may not follow those taken, or not by this account."""
    _require_stage([entry.step for entry in entries], step)
    if step in REVIEWS:
        require_turn(entries, step)
        _require_duties(entries, step, by)
    if step == "发布":
        missing = [one for one in REVIEWS if not _agreed(entries, one)]
        if missing:
            raise WorkflowError(f"还没有完成：{'、'.join(missing)}")
        # Checked once more after it was signed off, perhaps by whoever signed it off.
        _require_duties(entries, "签发", _by(entries, "签发"))


def require_turn(entries: Sequence[Entry], step: str) -> None:
    """Refuse a review before those that come first, or after a refusal."""
    if step not in REVIEWS:
        raise UsageError(f"没有步骤 {step}；可选：{'、'.join(REVIEWS)}")
    for before in REVIEWS[: REVIEWS.index(step)]:
        if not _agreed(entries, before):
            raise WorkflowError(f"{step}之前要先完成{before}")
    refused = [
        one for one in REVIEWS if (e := last(entries, one)) and e.outcome == "不予公开"
    ]
    if refused:
        raise WorkflowError(f"{refused[0]}的结论是不予公开，本草案到此为止；请重新编制")


def roles(entries: Sequence[Entry]) -> list[str]:
    """Return the roles that agreed, in the order of the steps."""
    return [ROLES[step] for step in REVIEWS if _agreed(entries, step)]


def last(entries: Sequence[Entry], step: str) -> Entry | None:
    """Return the last entry of a step."""
    return next((e for e in reversed(entries) if e.step == step), None)


def _require_stage(taken: list[Step], step: Step) -> None:
    is_out = "发布" in taken
    if (step == "编制") == bool(taken):
        raise WorkflowError("流程从编制开始，编制只有一次")
    if "作废" in taken:
        raise WorkflowError("草案已经作废")
    if step in _BEFOREHAND and is_out:
        raise WorkflowError(f"已经决定发布，不能再办{step}")
    if step in _AFTERWARDS and not is_out:
        raise WorkflowError(f"还没有发布，不能{step}")
    # A publication that was killed is taken again, and nothing lies between.
    if step == "发布" and is_out and taken[-1] != "发布":
        raise WorkflowError("已经发布过")


def _require_duties(entries: Sequence[Entry], step: Step, by: str) -> None:
    """Keep the drafter from clearing his own work, and four eyes on every release."""
    if step in _NOT_THE_DRAFTER and by == entries[0].by:
        raise WorkflowError(f"编制人不能办理{step}，请由另一人办理")
    checked = last(entries, "数据核对")
    if step == "签发" and checked and by == checked.by:
        raise WorkflowError("数据核对人不能签发，请由另一人签发")


def _by(entries: Sequence[Entry], step: str) -> str:
    entry = last(entries, step)
    return entry.by if entry else ""


def _agreed(entries: Sequence[Entry], step: str) -> bool:
    entry = last(entries, step)
    return entry is not None and entry.outcome in AGREED
