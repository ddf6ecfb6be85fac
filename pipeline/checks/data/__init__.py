"""The tables that the checks read, each with its source in README.md."""
