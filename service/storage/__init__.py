"""What is kept for good: stories, translation memory, glossaries and the log of reviews."""
