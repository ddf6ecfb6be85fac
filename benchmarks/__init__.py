"""Measurements, never assertions: run one with `python -m benchmarks.NAME`."""
