"""Dragoman beside what a newsroom would take instead: `python -m benchmarks.peers`."""
