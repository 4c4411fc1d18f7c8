"""Life: one case on its way through the platform, every step a version."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

from simulator.versions import Version, chain

Fields = dict[str, object]

_TIMES = (
    "reported_at", "accepted_at", "registered_at", "dispatched_at", "due_at_original",
    "due_at", "stop_due_at", "stopped_at", "disposed_at", "checked_at", "closed_at",
    "suspended_at", "resumed_at",
)  # fmt: skip


_OFFSET = timedelta(hours=8)


def local_iso(moment: datetime | None) -> str | None:
    """Write a county time as the platform does, with its offset."""
    return None if moment is None else f"{moment.isoformat(timespec='seconds')}+08:00"


def universal_iso(moment: datetime) -> str:
    """Write a county time as some video servers do: the same moment, in UTC."""
    return f"{(moment - _OFFSET).isoformat(timespec='seconds')}+00:00"


def county_time(text: object) -> datetime:
    """Read a platform time as county time."""
    moment = datetime.fromisoformat(str(text))
    return moment.astimezone(timezone(_OFFSET)).replace(tzinfo=None)


@dataclass
class Life:
    """A case and its events; before `known_from` the platform knows of none.

    The platform stamps a step within the minute, an exact life to the second.
    """

    case_id: str
    state: Fields
    rng: random.Random
    known_from: datetime
    is_exact: bool = False
    versions: list[Version] = field(default_factory=list)
    events: list[Version] = field(default_factory=list)

    def step(
        self, at: datetime, event_type: str, role: str, **changes: object
    ) -> datetime:
        """Let something happen to the case; return when the platform knew it."""
        event_keys = ("to_dept_code", "result", "new_due_at")
        event = {key: changes.pop(key, None) for key in event_keys}
        self.state.update(changes)
        updated_at = self._stamp(at)
        body = self.state | {"updated_at": updated_at}
        self.versions.append(Version(self.case_id, updated_at, body))
        event_id = f"{self.case_id}-{len(self.events) + 1:02d}"
        event |= {
            "event_id": event_id,
            "case_id": self.case_id,
            "event_type": event_type,
            "event_at": at,
            "actor_role": role,
            "dept_code": self.state["dept_code"],
            "updated_at": updated_at,
        }
        self.events.append(Version(event_id, updated_at, event))
        return updated_at

    def touch(self, at: datetime, **changes: object) -> None:
        """Change the record without an event, as clerks do."""
        self.state.update(changes)
        updated_at = self._stamp(at)
        body = self.state | {"updated_at": updated_at}
        self.versions.append(Version(self.case_id, updated_at, body))

    def _stamp(self, at: datetime) -> datetime:
        """Return the version time: never before the step, always after the last."""
        stamp = max(at, self.known_from)
        if not self.is_exact:
            stamp += timedelta(seconds=self.rng.randint(0, 40))
            # Clocks differ: some stations stamp a step minutes after its version.
            if self.rng.random() < 0.01:
                stamp -= timedelta(seconds=self.rng.randint(1, 280))
        if self.versions and stamp <= self.versions[-1].at:
            stamp = self.versions[-1].at + timedelta(seconds=1)
        return stamp

    def finished(self) -> tuple[list[Version], list[Version]]:
        """Return the versions of the case and of its events, linked and written out."""
        is_foreign = self.state["channel"] == "视频" and self.rng.random() < 0.3
        iso = universal_iso if is_foreign else local_iso
        for version in self.versions + self.events:
            version.body = {
                key: iso(value) if isinstance(value, datetime) else value
                for key, value in version.body.items()
            }
        return list(chain(self.versions)), self.events


def new_state(case_id: str, **known: object) -> Fields:
    """Return a case's fields before anything has happened."""
    blank: Fields = {
        "case_id": case_id,
        "kind": None,
        "category_code": None,
        "channel": None,
        "is_urban_management": True,
        "town_code": None,
        "community_code": None,
        "grid_code": None,
        "lon": None,
        "lat": None,
        "dept_code": None,
        "contractor_code": None,
        "reporter_name": None,
        "reporter_phone": None,
        "description": None,
    }
    times: Fields = dict.fromkeys(_TIMES)
    rest: Fields = {
        "status": "待受理",
        "master_case_id": None,
        "rework_count": 0,
        "extension_count": 0,
        "resolution_means": None,
    }
    return blank | times | rest | {"source_system": "数字城管"} | known
