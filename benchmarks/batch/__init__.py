"""What a batch costs and whom it disturbs: `python -m benchmarks.batch`."""
