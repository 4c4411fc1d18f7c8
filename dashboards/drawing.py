"""Drawing: pictures as SVG, laid out here because no library draws them offline."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, BAR, PAD, LINE = 1180, 14, 12, 17
SIDE = 168
COLOURS = ("#1f4e79", "#4f7ea8", "#8a6d3b", "#5f8f74", "#7b6a99", "#a15c4f", "#60717f")
FACE = "Noto Sans CJK SC, Noto Sans SC, PingFang SC, Microsoft YaHei, sans-serif"


@dataclass(frozen=True)
class Stream:
    """An amount that flows from a node of one column into a node of a later one."""

    source: str
    target: str
    source_column: int
    target_column: int
    amount: float


@dataclass
class Node:
    """A node with its place; the streams on both sides are stacked along it."""

    name: str
    column: int
    top: float = 0.0
    height: float = 0.0
    sent: float = 0.0
    received: float = 0.0


def flow_picture(streams: Sequence[Stream], said: str) -> str:
    """Draw streams between columns, each as wide as its amount."""
    nodes = _nodes(streams)
    columns = sorted({node.column for node in nodes.values()})
    height = _lay_out(nodes, columns)
    across = {
        column: SIDE + place * (WIDTH - 2 * SIDE - BAR) / max(len(columns) - 1, 1)
        for place, column in enumerate(columns)
    }
    scale = _scale(nodes, columns)
    ribbons = []
    order = {name: place for place, name in enumerate(nodes)}
    for stream in sorted(streams, key=lambda s: (order[_key(s, 0)], order[_key(s, 1)])):
        source, target = nodes[_key(stream, 0)], nodes[_key(stream, 1)]
        thick = stream.amount * scale
        left, right = across[source.column] + BAR, across[target.column]
        middle = (left + right) / 2
        start = source.top + source.sent + thick / 2
        end = target.top + target.received + thick / 2
        source.sent += thick
        target.received += thick
        colour = COLOURS[order[_key(stream, 0)] % len(COLOURS)]
        ribbons.append(
            f'<path d="M{left:.1f} {start:.1f}C{middle:.1f} {start:.1f} {middle:.1f} '
            f'{end:.1f} {right:.1f} {end:.1f}" fill="none" stroke="{colour}" '
            f'stroke-opacity="0.34" stroke-width="{max(thick, 0.6):.1f}"/>'
        )
    bars = "".join(
        _bar(node, across[node.column], columns, order[key])
        for key, node in nodes.items()
    )
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" '
        f'width="{WIDTH}" height="{height:.0f}" font-family="{FACE}" font-size="13">'
        f"{''.join(ribbons)}{bars}</svg>"
    )
    encoded = base64.b64encode(drawing.encode()).decode()
    return (
        f'<img class="flow" alt="{escape(said)}" '
        f'src="data:image/svg+xml;base64,{encoded}">'
    )


def _key(stream: Stream, end: int) -> str:
    if end:
        return f"{stream.target_column}/{stream.target}"
    return f"{stream.source_column}/{stream.source}"


def _nodes(streams: Sequence[Stream]) -> dict[str, Node]:
    nodes: dict[str, Node] = {}
    for stream in streams:
        nodes.setdefault(_key(stream, 0), Node(stream.source, stream.source_column))
        nodes.setdefault(_key(stream, 1), Node(stream.target, stream.target_column))
    for key, node in nodes.items():
        out = sum(s.amount for s in streams if _key(s, 0) == key)
        come = sum(s.amount for s in streams if _key(s, 1) == key)
        node.height = max(out, come)
    in_order = sorted(nodes.items(), key=lambda pair: (pair[1].column, -pair[1].height))
    return dict(in_order)


def _scale(nodes: dict[str, Node], columns: Sequence[int]) -> float:
    heaviest = max(
        (
            sum(n.height for n in nodes.values() if n.column == column)
            for column in columns
        ),
        default=0.0,
    )
    return 360 / heaviest if heaviest else 0.0


def _lay_out(nodes: dict[str, Node], columns: Sequence[int]) -> float:
    """Stack each column; a thin node still gets a line of text."""
    scale = _scale(nodes, columns)
    lowest = 0.0
    for column in columns:
        top = PAD
        for node in (n for n in nodes.values() if n.column == column):
            node.top = top
            top += max(node.height * scale, LINE) + 6
        lowest = max(lowest, top)
    return lowest + PAD


def _bar(node: Node, left: float, columns: Sequence[int], place: int) -> str:
    tall = max(node.sent, node.received, 1.5)
    is_last = node.column == columns[-1]
    at = left + BAR + 6 if is_last else left - 6
    anchor = "start" if is_last else "end"
    middle = node.top + max(tall, LINE) / 2 if tall < LINE else node.top + tall / 2
    return (
        f'<rect x="{left:.1f}" y="{node.top:.1f}" width="{BAR}" height="{tall:.1f}" '
        f'rx="2" fill="{COLOURS[place % len(COLOURS)]}"/>'
        f'<text x="{at:.1f}" y="{middle + 4.5:.1f}" text-anchor="{anchor}" '
        f'fill="#18212f" stroke="#fff" stroke-width="3" paint-order="stroke">'
        f"{escape(node.name)}</text>"
    )
