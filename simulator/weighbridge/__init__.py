"""Weighbridge: tickets as weighed, and the files that facilities send of them."""
