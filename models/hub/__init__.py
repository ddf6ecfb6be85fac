"""Fetching models from a hub: pinned commits, downloads, file hashes."""
