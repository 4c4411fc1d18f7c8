"""Shape: the fixed facts of a county, as far as its source systems speak of them."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Town:
    """A township or street, by its 12-digit code."""

    code: str
    name: str
    is_urban: bool = False


@dataclass(frozen=True)
class Community:
    """A community or village, by its 12-digit code."""

    code: str
    name: str
    town_code: str
    in_urban_area: bool


@dataclass(frozen=True)
class Department:
    """A member unit of city management; `duty` says which cases go to it."""

    code: str
    name: str
    ranking_group: str
    duty: str = ""


@dataclass(frozen=True)
class Contractor:
    """A sanitation contractor, the area it serves and the months it is bound."""

    code: str
    name: str
    serves: str
    monthly_fee_yuan: int
    contract_from: date = date(2021, 1, 1)
    contract_to: date | None = None

    def is_bound(self, day: date) -> bool:
        """Say whether the contract runs on a day."""
        return self.contract_from <= day and not (
            self.contract_to and self.contract_to < day
        )


@dataclass(frozen=True)
class Facility:
    """A weighbridge site; a quiet one is in the reference and never sends a file."""

    facility_id: str
    name: str
    kind: str
    serves: str
    harmless: bool
    is_quiet: bool = False


@dataclass(frozen=True)
class Road:
    """A named road; it is cut into segments by the scale of the county."""

    name: str
    road_class: str
    community_code: str


@dataclass(frozen=True)
class CountyShape:
    """Everything that makes one county differ from another."""

    code: str
    name: str
    prefix: str
    plate: str
    towns: tuple[Town, ...]
    communities: tuple[Community, ...]
    departments: tuple[Department, ...]
    contractors: tuple[Contractor, ...]
    facilities: tuple[Facility, ...]
    roads: tuple[Road, ...]
    centre: tuple[float, float] = (110.23, 32.22)
    segments: int = 160
    lamps: int = 12_887
    toilets: int = 24
    cases_per_day: float = 80.0
    urban_population: int = 118_000
    quiet_towns: frozenset[str] = frozenset()
    absent_registers: frozenset[str] = field(default_factory=frozenset)

    @property
    def area_code(self) -> str:
        """The county's own 12-digit code."""
        return self.code + "000000"

    def town_department(self, town_code: str) -> Department:
        """Return the town government that answers for what happens in a town."""
        return next(d for d in self.departments if d.duty == town_code)
