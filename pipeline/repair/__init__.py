"""Repairs of flagged sentences."""
