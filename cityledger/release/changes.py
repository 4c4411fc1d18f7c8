"""Changes: what a release says otherwise than the one before it, computed."""

import math
from collections.abc import Callable, Collection
from typing import Any, Final

from cityledger.release.opened import Row

FIELDS: Final = {
    "release_id": "发布版编号",
    "indicator_id": "指标编号",
    "period": "周期",
    "area_code": "区域代码",
    "old_value": "上一版数值",
    "new_value": "这一版数值",
    "old_target": "上一版目标",
    "new_target": "这一版目标",
    "old_formula_version": "上一版公式版本",
    "new_formula_version": "这一版公式版本",
    "kind": "类别：首发、修订、更正、撤回",
    "reason": "原因",
}
_SAYS: Final = ("value", "target", "formula_version", "null_reason", "note")
_TOLERANCE: Final = 1e-12


def of_figures(
    release_id: str,
    before: list[Row],
    after: list[Row],
    reasons: dict[tuple[str, str, str], str],
    withdrawn: Collection[tuple[str, str, str]] = (),
) -> list[Row]:
    """Return one row per indicator value that is new, gone or different.

    修订: later data gave another value. 更正: the register of corrections owns up to an
    error. `reasons` are the ledger's own, by figure; what is `withdrawn` had been
    published before.
    """
    key: Callable[[Row], tuple[str, str, str]] = lambda r: (  # noqa: E731 - one use
        r["indicator_id"], r["period"], r["area_code"],
    )  # fmt: skip
    old, new = {key(r): r for r in before}, {key(r): r for r in after}
    found = []
    for which in sorted(old.keys() | new.keys()):
        was, now = old.get(which), new.get(which)
        kind = _kind(was, now)
        if not kind:
            continue
        found.append(
            {
                "release_id": release_id,
                "indicator_id": which[0],
                "period": which[1],
                "area_code": which[2],
                "old_value": was and was["value"],
                "new_value": now and now["value"],
                "old_target": was and was["target"],
                "new_target": now and now["target"],
                "old_formula_version": was and was["formula_version"],
                "new_formula_version": now and now["formula_version"],
                "kind": kind,
                "reason": "撤回后重新公布"
                if kind == "首发" and which in withdrawn and not _is_corrected(now)
                else _reason(kind, was, now, reasons.get(which, "")),
            }
        )
    return found


def of_rows(
    slug: str, keys: tuple[str, ...], before: list[Row], after: list[Row]
) -> list[Row]:
    """Return, for another dataset, one row per cell that is new, gone or different."""
    old = {tuple(str(r.get(k)) for k in keys): r for r in before}
    new = {tuple(str(r.get(k)) for k in keys): r for r in after}
    found: list[Row] = []
    for which in sorted(old.keys() | new.keys()):
        was, now = old.get(which), new.get(which)
        entry = {"dataset": slug, "key": " ".join(which)}
        if was is None or now is None:
            kind = "首发" if was is None else "撤回"
            found.append({**entry, "column": "", "old": "", "new": "", "kind": kind})
            continue
        found += [
            {**entry, "column": name, "old": _text(was.get(name)),
             "new": _text(now.get(name)), "kind": "修订"}
            for name in now
            if not _same(was.get(name), now.get(name))
        ]  # fmt: skip
    return found


def tally(changes: list[Row]) -> dict[str, int]:
    """Count changes by kind, in the order of the kinds."""
    kinds = ("首发", "修订", "更正", "撤回")
    counted = {kind: sum(c["kind"] == kind for c in changes) for kind in kinds}
    return {kind: count for kind, count in counted.items() if count}


def redefines(changes: list[Row]) -> bool:
    """Say whether a figure is now computed by another formula."""
    return any(
        c["old_formula_version"] and c["new_formula_version"]
        and c["old_formula_version"] != c["new_formula_version"]
        for c in changes
    )  # fmt: skip


def _kind(was: Row | None, now: Row | None) -> str:
    if was is None:
        return "首发"
    if now is None:
        return "撤回"
    if all(_same(was[name], now[name]) for name in _SAYS):
        return ""
    if now["value"] is None and was["value"] is not None:
        return "撤回"
    return "更正" if _is_corrected(now) or _is_corrected(was) else "修订"


def _is_corrected(row: Row | None) -> bool:
    return row is not None and str(row.get("note") or "").startswith("更正 ")


def _reason(kind: str, was: Row | None, now: Row | None, ledger_reason: str) -> str:
    if now is not None and _is_corrected(now):
        return str(now["note"])
    if kind == "首发":
        return "首次公布"
    why = {"suppressed": "件数过少，隐去", "withheld": "质量不达公布标准，暂不公布"}
    if now is not None and now["null_reason"] in why:
        # The ledger's own words name the numbers that are hidden here.
        return why[now["null_reason"]]
    if _is_corrected(was):
        return f"源头已改正，{ledger_reason}" if ledger_reason else "源头已改正"
    if now is None:
        return "不再公布"
    return ledger_reason or "数据更新"


def _same(one: Any, other: Any) -> bool:  # noqa: ANN401 - cells of any type
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=_TOLERANCE, abs_tol=_TOLERANCE)
    return bool(one == other)


def _text(value: Any) -> str:  # noqa: ANN401 - cells of any type
    return "" if value is None else str(value)
