"""Corrections: a register of known errors in figures, with a guard.

The warehouse is never mended by hand. Until a source is mended, an entry says what the
ledger wrongly holds (`expect`) and what to publish instead. Once the ledger no longer
holds that, the source was mended meanwhile: the guard fails until the entry is closed.
"""

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Final, Literal

from cityledger.errors import UsageError
from cityledger.files import write_text
from cityledger.locks import writer
from cityledger.release import signers
from cityledger.release.opened import Row
from cityledger.settings import DataDir
from cityledger.text import clean

Action = Literal["override", "drop", "flag"]
Status = Literal["open", "closed"]

ACTIONS: Final[dict[str, str]] = {
    "override": "更正数值",
    "drop": "不公布数值",
    "flag": "加注说明",
}
_TOLERANCE: Final = 1e-9


@dataclass(frozen=True)
class Correction:
    """One known error; times are county local."""

    correction_id: str
    indicator_id: str
    period: str
    area_code: str
    action: Action
    expect: float | None
    value: float | None
    reason: str
    registered_by: str
    registered_at: datetime
    status: Status = "open"
    closed_by: str = ""
    closed_at: datetime | None = None
    closing_note: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """Which figure it speaks of."""
        return self.indicator_id, self.period, self.area_code

    @property
    def action_zh(self) -> str:
        """What is done, in Chinese."""
        return ACTIONS[self.action]

    def holds(self, ledger_value: float | None) -> bool:
        """Say whether the ledger still holds the error; a remark expects nothing."""
        if self.expect is None or ledger_value is None:
            return self.expect is None
        scale = max(abs(self.expect), 1.0)
        return abs(self.expect - ledger_value) <= _TOLERANCE * scale


def read(folders: DataDir) -> list[Correction]:
    """Return the register, oldest entry first."""
    return [
        _parsed(path.read_text(encoding="utf-8"))
        for path in sorted(folders.corrections.glob("C[0-9]*.json"))
    ]


def register(folders: DataDir, correction: Correction) -> Correction:
    """Add an entry; its number is given here."""
    if correction.action not in ACTIONS:
        raise UsageError(
            f"没有处理方式 {correction.action}；可选：{'、'.join(ACTIONS)}"
        )
    if correction.action == "override" and None in (
        correction.value,
        correction.expect,
    ):
        raise UsageError("更正数值要写台账中的错误值（--expect）和正确的值（--value）")
    reason = clean(correction.reason)
    if not reason:
        raise UsageError("更正要写明原因（--reason）")
    with writer(folders):
        by = signers.require(folders, correction.registered_by, "更正登记")
        known = read(folders)
        if any(c.key == correction.key and c.status == "open" for c in known):
            raise UsageError(
                "这个数已有一条未关闭的更正；先用 release correction close 关闭"
            )
        numbered = replace(
            correction,
            correction_id=f"C{len(known) + 1:04d}",
            reason=reason,
            registered_by=by,
        )
        _write(folders, numbered)
        return numbered


def close(
    folders: DataDir, correction_id: str, by: str, note: str, now: datetime
) -> Correction:
    """Close an entry, usually because the source was mended."""
    with writer(folders):
        by = signers.require(folders, by, "更正登记")
        for entry in read(folders):
            if entry.correction_id == correction_id and entry.status == "open":
                closed = replace(
                    entry,
                    status="closed",
                    closed_by=by,
                    closed_at=now,
                    closing_note=clean(note),
                )
                _write(folders, closed)
                return closed
    raise UsageError(f"没有未关闭的更正 {correction_id}")


def broken(register: list[Correction], figures: list[Row]) -> list[Correction]:
    """Return the open entries whose error is no longer in the ledger: the guard."""
    ledger = {
        (f["indicator_id"], f["period"], f["area_code"]): f["value"] for f in figures
    }
    return [
        entry
        for entry in register
        if entry.status == "open"
        and entry.key in ledger
        and not entry.holds(ledger[entry.key])
    ]


def _write(folders: DataDir, entry: Correction) -> None:
    text = json.dumps(asdict(entry), ensure_ascii=False, indent=1, default=str)
    write_text(folders.corrections / f"{entry.correction_id}.json", text + "\n")


def _parsed(text: str) -> Correction:
    raw = json.loads(text)
    raw["registered_at"] = datetime.fromisoformat(raw["registered_at"])
    raw["closed_at"] = raw["closed_at"] and datetime.fromisoformat(raw["closed_at"])
    return Correction(**raw)
