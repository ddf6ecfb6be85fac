"""Changes of the tables, in their order; applied when a front starts."""
