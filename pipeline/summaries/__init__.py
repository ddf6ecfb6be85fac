"""Summaries: sentences chosen from the article, or written by a model."""
