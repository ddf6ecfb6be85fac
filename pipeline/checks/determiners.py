"""Spanish articles and demonstratives by gender."""

FEMININE = {
    "el": "la", "un": "una", "del": "de la", "al": "a la", "este": "esta", "ese": "esa", "aquel": "aquella",
    "los": "las", "unos": "unas", "estos": "estas", "esos": "esas", "aquellos": "aquellas",
}  # fmt: skip
"""The feminine of each masculine one."""
MASCULINE = {feminine: masculine for masculine, feminine in FEMININE.items()}
PATTERN = "|".join(sorted([*FEMININE, *MASCULINE], key=len, reverse=True))
"""Any of them, the longest first."""
