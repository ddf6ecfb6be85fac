"""Data that is kept: stories, translation memory and the review log."""
