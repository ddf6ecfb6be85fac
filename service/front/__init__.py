"""The HTTP application, and what every request passes through."""
