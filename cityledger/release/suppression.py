"""Suppression: hide small counts, and whatever would let them be worked out again.

A reader of a table with totals is an attacker with linear equations. A hidden count is
safe when the range that the published cells leave for it holds at least three values;
where it does not, another cell of the same sum is hidden too, until every small count
is safe or its whole sum is hidden. All hidden cells look alike.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from cityledger.errors import OperatorError

Key = tuple[str, ...]
Cells = Mapping[Key, float]

SMALLEST_COUNT: Final = 5
SMALLEST_DENOMINATOR: Final = 10
_SAFE_WIDTH: Final = 2.0
_TOLERANCE: Final = 1e-6
_NO_END: Final = 1e9


@dataclass(frozen=True)
class Sum:
    """A published total and the cells it is the sum of."""

    total: Key
    parts: tuple[Key, ...]

    @property
    def keys(self) -> tuple[Key, ...]:
        """The total and its parts."""
        return (self.total, *self.parts)


def is_small(count: float | None, limit: int = SMALLEST_COUNT) -> bool:
    """Say whether a count is of so few that they could be known."""
    return count is not None and 0 < count < limit


def protect(
    measures: Sequence[Cells],
    sums: Sequence[Sum],
    primary: Iterable[Key],
    already: Iterable[Key] = (),
    known: Iterable[Key] = (),
) -> set[Key]:
    """Return every key that must be hidden so that no primary one can be worked out.

    The measures share their keys: what is hidden in one is hidden in all. Keys that are
    hidden `already` help to hide others, and need no protection of their own; keys that
    are `known` from elsewhere cannot help.
    """
    table = _Table(measures, sums, set(already) - set(primary), set(known))
    doubtful = set(primary)
    hidden = doubtful | set(already)
    while True:
        while added := table.beside_lonely_cells(hidden):
            hidden |= added
        # Hiding more only widens what is left: what was safe stays so.
        doubtful = _exposed_in_any(measures, sums, hidden, doubtful)
        added = table.beside(doubtful, hidden)
        if not added:
            return hidden
        hidden |= added


def exposed(
    cells: Cells, sums: Sequence[Sum], hidden: set[Key], targets: Iterable[Key]
) -> set[Key]:
    """Return the hidden targets that the shown cells leave fewer than three values.

    Sums that do not hold exactly (something counted has no town) bound nothing here:
    the remainder is one more unknown.
    """
    found: set[Key] = set()
    for component in _components(cells, sums, hidden):
        found |= component.exposed([t for t in targets if t in component.unknowns])
    return found


@dataclass(frozen=True)
class _Component:
    """Unknown cells tied together by equations, and what the shown cells leave."""

    unknowns: dict[Key, int]
    rows: list[dict[int, float]]
    right: list[float]

    def exposed(self, targets: Sequence[Key]) -> set[Key]:
        """Return the targets that are left fewer than three values.

        Every solution found on the way says something of all cells, so that most
        targets are known to be safe before anyone asks about them.
        """
        if len(self.rows) == 1:
            return {t for t in targets if self._width_of_one_sum(t) < _SAFE_WIDTH}
        found = set()
        low = dict.fromkeys(targets, float("inf"))
        high = dict.fromkeys(targets, float("-inf"))
        for target in targets:
            for sign in (-1.0, 1.0):
                if high[target] - low[target] >= _SAFE_WIDTH:
                    break
                solution = self._extreme(target, sign)
                for other in targets:
                    value = solution[self.unknowns[other]]
                    low[other] = min(low[other], value)
                    high[other] = max(high[other], value)
            if high[target] - low[target] < _SAFE_WIDTH - _TOLERANCE:
                found.add(target)
        return found

    def _width_of_one_sum(self, key: Key) -> float:
        row, right = self.rows[0], self.right[0]
        own = row[self.unknowns[key]]
        others = [sign for index, sign in row.items() if index != self.unknowns[key]]
        if not others:
            return 0.0
        if any(sign != own for sign in others):
            return float("inf")
        return abs(right)

    def _extreme(self, key: Key, sign: float) -> Sequence[float]:
        """Return a solution in which a cell is as small (1) or large (-1) as can be."""
        import numpy as np  # noqa: PLC0415 - heavy
        from scipy.optimize import linprog  # noqa: PLC0415 - heavy
        from scipy.sparse import coo_array  # noqa: PLC0415 - heavy

        size = len(self.unknowns)
        wanted = np.zeros(size)
        wanted[self.unknowns[key]] = sign
        entries = [
            (number, index, value)
            for number, row in enumerate(self.rows)
            for index, value in row.items()
        ]
        lines, columns, values = zip(*entries, strict=True)
        solved = linprog(
            wanted,
            A_eq=coo_array((values, (lines, columns)), shape=(len(self.rows), size)),
            b_eq=self.right,
            bounds=(0, None),
            method="highs",
        )
        if solved.status == 3:  # noqa: PLR2004 - unbounded, in scipy's words
            unbounded = np.zeros(size)
            unbounded[self.unknowns[key]] = -sign * _NO_END
            return list(unbounded)
        if solved.status != 0:
            raise OperatorError(f"无法判断隐去的件数是否安全：{solved.message}")
        return list(solved.x)


def _exposed_in_any(
    measures: Sequence[Cells], sums: Sequence[Sum], hidden: set[Key], small: set[Key]
) -> set[Key]:
    return {
        key
        for cells in measures
        for key in exposed(cells, sums, hidden, sorted(small & set(cells)))
    }


class _Table:
    """Cells in their sums, and what is best hidden next."""

    def __init__(
        self,
        measures: Sequence[Cells],
        sums: Sequence[Sum],
        helpers: set[Key],
        useless: set[Key],
    ) -> None:
        self._measures = measures
        self._sums = [one for one in sums if self._is_exact(one)]
        self._helpers = helpers
        self._useless = useless
        self._totals = {one.total for one in sums}
        self._by_key: dict[Key, list[Sum]] = {}
        for one in sums:
            for key in one.keys:
                self._by_key.setdefault(key, []).append(one)

    def beside_lonely_cells(self, hidden: set[Key]) -> set[Key]:
        """Return a companion for a cell that is the only one hidden in its sum."""
        for one in self._sums:
            lonely = [key for key in one.keys if key in hidden]
            if len(lonely) == 1 and lonely[0] not in self._helpers:
                candidate = self._cheapest([one], hidden)
                if candidate:
                    return {candidate}
        return set()

    def beside(self, given_away: set[Key], hidden: set[Key]) -> set[Key]:
        """Return one more cell for each that can still be worked out."""
        added: set[Key] = set()
        for key in sorted(given_away):
            candidate = self._nearest(key, hidden | added)
            if candidate:
                added.add(candidate)
        return added

    def _nearest(self, key: Key, hidden: set[Key]) -> Key | None:
        """Choose in the key's own sums, or in those tied to them by hidden cells.

        Where a whole sum is hidden, its other cells are what gives the key away: they
        are known from sums of their own.
        """
        sums = list(self._by_key.get(key, []))
        while True:
            candidate = self._cheapest(sums, hidden)
            if candidate:
                return candidate
            tied = {
                other
                for one in sums
                for cell in one.keys
                if cell in hidden
                for other in self._by_key.get(cell, [])
            }
            if tied <= set(sums):
                return None
            sums = sorted(tied | set(sums), key=lambda one: one.total)

    def _cheapest(self, sums: Sequence[Sum], hidden: set[Key]) -> Key | None:
        """Choose what counted, is no total, leaves no cell lonely, and is small."""
        candidates = {
            key
            for one in sums
            for key in one.keys
            if key not in hidden
            and key not in self._useless
            and any(key in cells for cells in self._measures)
        }
        if not candidates:
            return None

        def cost(key: Key) -> tuple[bool, bool, int, float, Key]:
            size = max(cells.get(key, 0.0) for cells in self._measures)
            lonely = sum(
                not any(other in hidden for other in one.keys)
                for one in self._by_key[key]
            )
            return key in self._totals, size == 0, lonely, size, key

        return min(candidates, key=cost)

    def _is_exact(self, one: Sum) -> bool:
        """Say whether the parts make up the total in some measure."""
        return any(
            abs(cells[one.total] - sum(cells[part] for part in one.parts)) <= _TOLERANCE
            for cells in self._measures
            if all(key in cells for key in one.keys)
        )


def _components(
    cells: Cells, sums: Sequence[Sum], hidden: set[Key]
) -> list[_Component]:
    """Group the unknowns by the equations they share."""
    groups: list[tuple[set[Key], list[tuple[dict[Key, float], float]]]] = []
    for number, one in enumerate(sums):
        if not all(key in cells for key in one.keys):
            continue
        coefficients, right = _equation(cells, one, hidden, number)
        if not coefficients:
            continue
        keys, equations = set(coefficients), [(coefficients, right)]
        apart = []
        for group in groups:
            if group[0] & keys:
                keys |= group[0]
                equations += group[1]
            else:
                apart.append(group)
        groups = [*apart, (keys, equations)]
    return [_component(keys, equations) for keys, equations in groups]


def _equation(
    cells: Cells, one: Sum, hidden: set[Key], number: int
) -> tuple[dict[Key, float], float]:
    """Return the unknowns of a sum with their signs, and what they come to."""
    coefficients = {part: 1.0 for part in one.parts if part in hidden}
    right = -sum(cells[part] for part in one.parts if part not in hidden)
    if one.total in hidden:
        coefficients[one.total] = -1.0
    else:
        right += cells[one.total]
    remainder = cells[one.total] - sum(cells[part] for part in one.parts)
    if coefficients and abs(remainder) > _TOLERANCE:
        coefficients[("remainder", str(number))] = 1.0 if remainder > 0 else -1.0
    return coefficients, right


def _component(
    keys: set[Key], equations: list[tuple[dict[Key, float], float]]
) -> _Component:
    unknowns = {key: index for index, key in enumerate(sorted(keys))}
    return _Component(
        unknowns,
        [{unknowns[k]: sign for k, sign in row.items()} for row, _ in equations],
        [right for _, right in equations],
    )
