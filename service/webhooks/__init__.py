"""Webhooks: which addresses may be called, and the courier that calls them."""
