"""The commands, one module per group. Each imports what it runs when it runs: `--help` stays fast."""
