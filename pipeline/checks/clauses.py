"""Where a Spanish clause begins, and which nouns at its beginning are not its subject."""

import re

_BEGINNING = re.compile(
    r"(?:^|[.,;:!?()“”\"«»—–-] ?|\b(?:que|donde|cuando|porque|pero|si|mientras|aunque|pues) )$",
    re.IGNORECASE,
)
_TIMES = re.compile(
    r"(?:lunes|martes|miércoles|jueves|viernes|sábado|domingo|día|noche|tarde|mañana|madrugada|semana|mes|año"
    r"|década|siglo|hora|minuto|segundo|momento|instante|vez|ve[cz]es|temporada|verano|invierno|otoño"
    r"|primavera|época|fecha|fin|víspera|trimestre|semestre|jornada)(?:e?s)?"
)
_LONGEST_WORD = 12
"""Characters before a place that are looked at."""


def begins_clause(text: str, start: int) -> bool:
    """Whether the word at `start` is the first of its clause."""
    return _BEGINNING.search(text[max(0, start - _LONGEST_WORD) : start]) is not None


def is_time(noun: str) -> bool:
    """Whether the noun may begin a clause without being its subject: "esa noche murieron"."""
    return _TIMES.fullmatch(noun) is not None
