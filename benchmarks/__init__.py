"""Benchmarks: what a night costs, as ratios against a reference of the same run.

`python -m benchmarks --help` names them. Each ratio is measured on one machine in one
run, both sides in turn, several times; medians are compared, raw seconds stand beside
them. Seconds of processor time tell more than seconds on the clock where others share
the machine. docs/scaling.md says what was found.
"""
