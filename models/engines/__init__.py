"""Engines, each a way to run a model, and what they need: tokenizers, devices, conversion, loading."""
