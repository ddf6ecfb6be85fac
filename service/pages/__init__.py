"""Web pages: fetched by their address, and read as articles."""
