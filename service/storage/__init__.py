"""Data that is kept: stories, translation memory, glossaries and the review log."""
