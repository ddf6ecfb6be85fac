"""Terms: how a newsroom wants words and names translated, and whether a translation does so."""
