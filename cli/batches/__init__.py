"""Batch runs on the command line: inputs, outputs, and the run itself."""
