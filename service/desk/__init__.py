"""The desk: the page on which an editor makes the version of a story in another language."""
