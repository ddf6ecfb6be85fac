"""Figures, read in one language and written in another, with their currency, magnitude or unit."""
