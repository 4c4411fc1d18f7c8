"""Own boundaries: an invented GeoJSON of the made-up county's towns; no real place."""

import json
from pathlib import Path
from typing import Any

from tests.browser.published_fixture import TOWNS

ACROSS, SIDE = 6, 0.1


def write(
    path: Path, code_field: str = "area_code", *, as_number: bool = False
) -> Path:
    """Write one polygon a town, row by row, and what real files also have."""
    features = [
        feature(
            {code_field: int(code) if as_number else code, "name": "不用这个名字"},
            square(place % ACROSS, place // ACROSS),
        )
        for place, code in enumerate(sorted(TOWNS))
    ]
    # In two parts, one with a hole; one without a place; one of another county.
    first = features[0]["geometry"]["coordinates"]
    islet = square(-1, 0)
    features[0]["geometry"] = {"type": "MultiPolygon", "coordinates": [first, islet]}
    features.append(feature({code_field: "420323999000"}, None))
    features.append(feature(None, square(7, 0)))
    text = json.dumps({"type": "FeatureCollection", "features": features})
    path.write_text(text, encoding="utf-8-sig")
    return path


def feature(
    properties: dict[str, Any] | None, coordinates: list[Any] | None
) -> dict[str, Any]:
    """Make a feature, also one that has no geometry or no properties."""
    geometry = coordinates and {"type": "Polygon", "coordinates": coordinates}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def square(across: int, down: int) -> list[list[list[float]]]:
    """Make a square ring, closed."""
    left, low = 109.5 + across * SIDE, 32.5 - down * SIDE
    corners = [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)]
    return [[[left + x * SIDE, low + y * SIDE] for x, y in corners]]
