"""Rules A: which records of the case platform may be believed."""

import re
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from tests.golden.oracle import shapes
from tests.golden.oracle.cells import BadCellError, api_time
from tests.golden.oracle.reference import Reference, table_key

Json = str | int | float | bool | None
Record = Mapping[str, Json]

CLOCK_SKEW = timedelta(minutes=5)
# "After 2100": what lies beyond that year cannot be read.
END_OF_TIME = datetime.combine(date(2101, 1, 1), time())


@dataclass(frozen=True)
class Shape:
    """What the contract says of one table of the platform."""

    key: str
    happened: tuple[str, ...]
    due: tuple[str, ...] = ()
    enums: Mapping[str, set[str]] = field(default_factory=dict)
    nullable_enums: Mapping[str, set[str]] = field(default_factory=dict)
    types: Mapping[str, Callable[[Json], bool]] = field(default_factory=dict)
    order: tuple[tuple[str, str], ...] = ()
    places: bool = False


def _text(value: Json) -> bool:
    return isinstance(value, str) and value != ""


def _text_or_null(value: Json) -> bool:
    return value is None or isinstance(value, str)


def _bool(value: Json) -> bool:
    return isinstance(value, bool)


def _count(value: Json) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _degrees(value: Json) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return value is None or number


def _digits(pattern: str) -> Callable[[Json], bool]:
    regex = re.compile(pattern)
    return lambda value: isinstance(value, str) and bool(regex.fullmatch(value))


CASES = Shape(
    key="case_id",
    happened=[
        "reported_at",
        "accepted_at",
        "registered_at",
        "dispatched_at",
        "stopped_at",
        "disposed_at",
        "checked_at",
        "closed_at",
        "suspended_at",
        "resumed_at",
    ],
    due=("due_at_original", "due_at", "stop_due_at"),
    enums={
        "kind": shapes.CASE_KINDS,
        "channel": shapes.INSPECTOR_CHANNELS | shapes.CITIZEN_CHANNELS,
        "status": shapes.CASE_STATUSES,
    },
    nullable_enums={"resolution_means": shapes.MEANS},
    order=(
        ("reported_at", "accepted_at"),
        ("reported_at", "registered_at"),
        ("reported_at", "dispatched_at"),
        ("reported_at", "disposed_at"),
        ("reported_at", "closed_at"),
        ("reported_at", "due_at"),
        ("dispatched_at", "disposed_at"),
        ("registered_at", "closed_at"),
        ("suspended_at", "resumed_at"),
    ),
    places=True,
    types={
        "case_id": _text,
        "category_code": _digits("[0-9]{4}"),
        "is_urban_management": _bool,
        "town_code": _digits("[0-9]{12}"),
        "community_code": _digits("[0-9]{12}"),
        "grid_code": _digits("[0-9]{14,15}"),
        "lon": _degrees,
        "lat": _degrees,
        "dept_code": _text_or_null,
        "contractor_code": _text_or_null,
        "reporter_name": _text_or_null,
        "reporter_phone": _text_or_null,
        "description": _text_or_null,
        "master_case_id": _text_or_null,
        "rework_count": _count,
        "extension_count": _count,
    },
)
EVENTS = Shape(
    key="event_id",
    happened=("event_at",),
    due=("new_due_at",),
    enums={"event_type": shapes.EVENT_TYPES, "actor_role": shapes.ACTOR_ROLES},
    types={
        "event_id": _text,
        "case_id": _text,
        "event_at": _text,
        "dept_code": _text_or_null,
        "to_dept_code": _text_or_null,
        "result": _text_or_null,
    },
)
CALLBACKS = Shape(
    key="callback_id",
    happened=("called_at",),
    nullable_enums={"rating": shapes.RATINGS},
    types={
        "callback_id": _text,
        "case_id": _text,
        "attempt_no": _count,
        "called_at": _text,
        "reached": _bool,
    },
)
SHAPES = {"cases": CASES, "case_events": EVENTS, "callbacks": CALLBACKS}


def without_empty_texts(record: Record) -> Record:
    """Say nothing where a record says an empty text."""
    return {name: None if value == "" else value for name, value in record.items()}


def broken_rule(
    shape: Shape, record: Record, reference: Reference, history_from: date
) -> str | None:
    """Return the first rule in code order that a record breaks."""
    if any(_is_blank(record.get(f)) for f in (shape.key, "updated_at")):
        return "A01"
    if not _enums_known(shape, record):
        return "A02"
    try:
        times = read_times(shape, record)
    except BadCellError:
        return "A03"
    first = datetime.combine(history_from, time())
    if any(when and not first <= when < END_OF_TIME for when in times.values()):
        return "A03"
    return _broken_fact(shape, record, times, reference)


def _is_blank(value: Json) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def read_times(shape: Shape, record: Record) -> dict[str, datetime | None]:
    """Read every time of a record as local time."""
    fields = (*shape.happened, *shape.due, "updated_at")
    return {f: api_time(record.get(f)) for f in fields}


def has_unknown_code(record: Record, reference: Reference, when: date) -> bool:
    """Tell whether a case names a category, department or contractor nobody knows."""
    category = table_key("case_categories", record)
    if category not in reference.at("case_categories", when):
        return True
    return any(
        record.get(field) is not None and record[field] not in reference.at(name, when)
        for field, name in (
            ("dept_code", "departments"),
            ("contractor_code", "contractors"),
        )
    )


def lies_nowhere(record: Record) -> bool:
    """Tell whether a case lies at 0/0, which is no place in the county."""
    return record.get("lon") == 0 and record.get("lat") == 0


def _enums_known(shape: Shape, record: Record) -> bool:
    required = all(_is_in(record.get(f), known) for f, known in shape.enums.items())
    return required and all(
        record.get(f) is None or _is_in(record.get(f), known)
        for f, known in shape.nullable_enums.items()
    )


def _is_in(value: Json, known: Set[str]) -> bool:
    return isinstance(value, str) and value in known


def _broken_fact(
    shape: Shape,
    record: Record,
    times: Mapping[str, datetime | None],
    reference: Reference,
) -> str | None:
    version = times["updated_at"]
    assert version is not None
    if any(_before(times[late], times[early]) for early, late in shape.order):
        return "A04"
    if any(_before(version + CLOCK_SKEW, times[f]) for f in shape.happened):
        return "A05"
    if shape.places and not _places_known(record, reference, version):
        return "A06"
    if not all(fits(record.get(f)) for f, fits in shape.types.items()):
        return "A07"
    return None


def _before(first: datetime | None, second: datetime | None) -> bool:
    return first is not None and second is not None and first < second


def _places_known(record: Record, reference: Reference, when: datetime) -> bool:
    return all(
        _is_in(record.get(field), reference.at(name, when.date()).keys())
        for field, name in (("town_code", "towns"), ("community_code", "communities"))
    )
