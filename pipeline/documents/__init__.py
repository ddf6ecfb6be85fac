"""Documents: what came in, as blocks of text; what goes out, in the same format."""
