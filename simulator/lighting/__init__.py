"""Lighting: the street-light control database, filled day by day."""

from simulator.lighting.fill import fill

__all__ = ["fill"]
