"""Which models there are, and how to run them."""
