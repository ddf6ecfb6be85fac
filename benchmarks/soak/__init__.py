"""A mixed load with random kills, and a count of what became of it."""
