"""Version numbers: "2.4.17", "iOS 17.3"."""

import re
from collections.abc import Iterator

from pipeline.spans import Span

_VERSION = re.compile(r"(?<![\w.,])v?\d+(?:\.\d+){2,}(?![\w,]|\.\d)")
_PRODUCT = re.compile(
    r"\b(?:[a-z]+[A-Z]\w*|[A-Z][a-z]+[A-Z]\w*|Windows|Android|Chrome|Firefox|Linux|Ubuntu|Debian|Python|Java"
    r"|Office|Bluetooth|USB|HTML|HTTP|TLS|SSL|PHP|Perl|Ruby|Node|Safari|Photoshop|Kubernetes|Docker|GPT|Gemini"
    r"|Claude|Llama|Unity|Excel|Word|[Vv]ersions?|[Vv]ersi(?:ón|ones)|[Rr]elease|[Ff]irmware)[ -]"
    r"(?P<version>\d{1,3}\.\d{1,3})(?![\w%]|[.,]\d| (?:million|billion|millones|per|por|%))"
)


def versions(text: str) -> Iterator[Span]:
    """Find version numbers, which no language writes in its own notation: "2.4.17", "iOS 17.3"."""
    if "." not in text:
        return
    for match in _VERSION.finditer(text):
        yield Span(*match.span())
    for match in _PRODUCT.finditer(text):
        yield Span(*match.span("version"))
