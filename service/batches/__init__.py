"""Batches: many requests in one file, their results in another."""
