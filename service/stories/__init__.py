"""Stories: revisions of articles, their versions in other languages, and what editors make of them."""
