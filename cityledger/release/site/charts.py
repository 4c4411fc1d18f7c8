"""Charts: small SVG pictures; every page that shows one shows its table too."""

from dataclasses import dataclass
from html import escape
from typing import Final

from cityledger.release.wording import number

_WIDTH, _HEIGHT = 720, 270
_LEFT, _RIGHT, _TOP, _BOTTOM = 62, 86, 18, 40
_LABELS: Final = 13
_FEW_LABELS: Final = 4
_STEPS: Final = 4
_WHOLE: Final = 100.0
_SIGNS: Final = ("%", "‱")
_ROW: Final = 30
_NAME_WIDTH: Final = 130


@dataclass(frozen=True)
class Point:
    """One period of a line."""

    label: str
    value: float | None


@dataclass(frozen=True)
class Line:
    """What a line chart needs to know."""

    title: str
    summary: str
    unit: str
    points: list[Point]
    target: float | None
    target_label: str


def line_chart(line: Line) -> str:
    """Draw values over time and the target they are held against."""
    known = [p.value for p in line.points if p.value is not None]
    if len(known) < 2:  # noqa: PLR2004 - a line has two ends
        return ""
    low, high = _range([*known, *([line.target] if line.target is not None else [])])
    if line.unit == "%" and max(known) <= _WHOLE < high:
        # No grid line stands where no share can be.
        low, high = low - (high - _WHOLE), _WHOLE
    wide, tall = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM

    def x(index: int) -> float:
        return _LEFT + wide * index / max(len(line.points) - 1, 1)

    def y(value: float) -> float:
        return _TOP + tall * (high - value) / (high - low)

    parts = [_grid(low, high, line.unit)]
    if line.target is not None:
        at = y(line.target)
        parts.append(
            f'<line class="goal" x1="{_LEFT}" x2="{_LEFT + wide}" y1="{at:.1f}" '
            f'y2="{at:.1f}"/><text class="goal-label" x="{_LEFT + wide + 6}" '
            f'y="{at + 4:.1f}">{escape(line.target_label)}</text>'
        )
    parts += _segments(line.points, x, y)
    every = -(-len(line.points) // _LABELS)
    last = len(line.points) - 1
    parts += [
        f'<text class="tick{_thinned(last - i, every, last)}" '
        f'text-anchor="middle" x="{x(i):.1f}" y="{_HEIGHT - 14}">'
        f"{escape(p.label)}</text>"
        for i, p in enumerate(line.points)
        if (last - i) % every == 0
    ]
    return _picture(line.title, line.summary, _WIDTH, _HEIGHT, "".join(parts))


def _thinned(from_the_end: int, every: int, last: int) -> str:
    """Mark what a small screen leaves out: all but the newest and some others."""
    some = -(-(last + 1) // _FEW_LABELS)
    return "" if from_the_end % (every * -(-some // every)) == 0 else " thin"


def bar_chart(title: str, summary: str, unit: str, bars: list[Point]) -> str:
    """Draw one bar for each place, in the order given."""
    shown = [bar for bar in bars if bar.value is not None]
    if len(shown) < 2:  # noqa: PLR2004 - one bar compares nothing
        return ""
    sign = unit if unit in _SIGNS else ""
    most = max(100.0 if unit == "%" else 0.0, *(bar.value or 0 for bar in shown)) or 1
    wide = _WIDTH - _NAME_WIDTH - 110
    parts = []
    for index, bar in enumerate(shown):
        top = 6 + index * _ROW
        length = wide * max(bar.value or 0, 0) / most
        parts.append(
            f'<text class="name" x="{_NAME_WIDTH - 8}" y="{top + 17}" '
            f'text-anchor="end">{escape(bar.label)}</text>'
            f'<rect class="bar" x="{_NAME_WIDTH}" y="{top + 4}" '
            f'width="{max(length, 1):.1f}" height="18" rx="2"/>'
            f'<text class="amount" x="{_NAME_WIDTH + length + 8:.1f}" '
            f'y="{top + 18}">{number(bar.value, unit)}{escape(sign)}</text>'
        )
    height = 12 + len(shown) * _ROW
    return _picture(title, summary, _WIDTH, height, "".join(parts))


def progress(value: float, target: float | None, is_met: bool) -> str:
    """Draw a share of a hundred with a mark where the target is."""
    length = min(max(value, 0), 100) * 2
    mark = (
        f'<rect class="mark" x="{min(max(target, 0), 100) * 2 - 1:.1f}" y="0" '
        'width="2.4" height="14"/>'
        if target is not None
        else ""
    )
    kind = "met" if is_met else "short"
    return (
        '<svg class="progress" viewBox="0 0 202 14" aria-hidden="true" '
        'focusable="false"><rect class="track" x="0" y="3" width="200" height="8" '
        f'rx="4"/><rect class="{kind}" x="0" y="3" width="{length:.1f}" height="8" '
        f'rx="4"/>{mark}</svg>'
    )


def _segments(points, x, y) -> list[str]:  # type: ignore[no-untyped-def]  # noqa: ANN001 - two small functions
    """Draw the line, broken where a value is missing, with its dots."""
    runs: list[list[tuple[float, float]]] = [[]]
    for index, point in enumerate(points):
        if point.value is None:
            runs.append([])
        else:
            runs[-1].append((x(index), y(point.value)))
    drawn = [
        '<polyline class="line" points="'
        + " ".join(f"{a:.1f},{b:.1f}" for a, b in run)
        + '"/>'
        for run in runs
        if len(run) > 1
    ]
    dots = [
        f'<circle class="dot" cx="{a:.1f}" cy="{b:.1f}" r="3.6"/>'
        for run in runs
        for a, b in run
    ]
    return drawn + dots


def _grid(low: float, high: float, unit: str) -> str:
    tall = _HEIGHT - _TOP - _BOTTOM
    lines = []
    sign = unit if unit in _SIGNS else ""
    for step in range(_STEPS + 1):
        value = low + (high - low) * step / _STEPS
        at = _TOP + tall * (high - value) / (high - low)
        lines.append(
            f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{at:.1f}" '
            f'y2="{at:.1f}"/><text class="tick" text-anchor="end" x="{_LEFT - 8}" '
            f'y="{at + 4:.1f}">{value:g}{escape(sign)}</text>'
        )
    return "".join(lines)


def _range(values: list[float]) -> tuple[float, float]:
    """Return round ends that hold every value."""
    low, high = min(values), max(values)
    span = max(high - low, abs(high) * 0.02, 1e-6)
    step = 10 ** len(str(int(span * 10))) / 100
    step = next(
        s for s in (step, step * 2.5, step * 5, step * 10) if span / s <= _STEPS
    )
    bottom = int(low // step) * step
    top = bottom + step * _STEPS
    while top < high:
        bottom, step = int(low // (step * 2)) * step * 2, step * 2
        top = bottom + step * _STEPS
    return bottom, top


def _picture(title: str, summary: str, width: int, height: int, body: str) -> str:
    said = escape(f"{title}。{summary}")
    return (
        f'<svg class="chart" viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="{said}" focusable="false">{body}</svg>'
    )
