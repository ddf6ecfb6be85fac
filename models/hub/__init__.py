"""Models fetched from a hub: commits, downloads, hashes."""
