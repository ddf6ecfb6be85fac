"""Languages: BCP-47 tags in, and the way from one to another through the models there are."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import permutations, product

from models.catalogue import Catalogue, Model
from models.errors import UnsupportedPair
from models.language_codes import CODES

_SHOWN = 40
"""The most pairs that an error lists; `/v1/languages` has all."""


@dataclass(frozen=True, slots=True)
class Leg:
    """One model, and the languages that it is asked for."""

    model: str
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Route:
    """The legs that a text goes through from source to target; none if they are one."""

    source: str
    target: str
    legs: tuple[Leg, ...]

    @property
    def models(self) -> list[str]:
        """The ids of the models, in order."""
        return [leg.model for leg in self.legs]


def code(model: Model, language: str) -> str:
    """What the model calls a language: the entry's word, else its family's."""
    if language in model.codes:
        return model.codes[language]
    return CODES.get(model.family, {}).get(language, language)


@cache
def normalize(tag: str) -> str:
    """The tag's language in lower case: `es_MX` and `ES` are `es`; regions have no models here."""
    return tag.replace("_", "-").split("-")[0].lower()


def routes(catalogue: Catalogue) -> dict[tuple[str, str], Route]:
    """Every pair that can be translated now, with the way that `route` takes."""
    found: dict[tuple[str, str], Route] = {}
    for chain in _chains(catalogue.available("translate")):
        for pair in product(chain[0].source, chain[-1].target):
            if pair[0] != pair[1] and pair not in found and (way := _way(chain, *pair)):
                found[pair] = way
    return found


def route(catalogue: Catalogue, source: str, target: str, model: str | None = None) -> Route:
    """The way from source to target: direct, or else by a pivot, the first in catalogue order.

    With a `model` that one alone (raises as `Catalogue.get` does). UnsupportedPair says which pairs
    there are, and which model would do it if it were here.
    """
    source, target = normalize(source), normalize(target)
    named = [catalogue.get(model, "translate")] if model else []
    if source == target:
        return Route(source, target, ())
    for chain in _chains(named or catalogue.available("translate")):
        if way := _way(chain, source, target):
            return way
    raise _unsupported(catalogue, source, target, model)


def _chains(models: Iterable[Model]) -> Iterator[tuple[Model, ...]]:
    """Each model alone, then each two that meet in a language, in order of preference."""
    seen = []
    for model in models:
        seen.append(model)
        yield (model,)
    for first, second in permutations(seen, 2):
        if not set(first.target).isdisjoint(second.source):
            yield first, second


def _way(chain: tuple[Model, ...], source: str, target: str) -> Route | None:
    """The route through the models, or nothing where they lead not from source to target."""
    first, last = chain[0], chain[-1]
    if source not in first.source or target not in last.target:
        return None
    if len(chain) == 1:
        return Route(source, target, (Leg(first.id, source, target),))
    between = set(first.target) & set(last.source) - {source, target}
    if not between:
        return None
    # English is what most models have seen most of; else the same pivot every time.
    pivot = "en" if "en" in between else min(between)
    return Route(source, target, (Leg(first.id, source, pivot), Leg(last.id, pivot, target)))


def _unsupported(
    catalogue: Catalogue, source: str, target: str, model: str | None
) -> UnsupportedPair:
    there = sorted(routes(catalogue))
    near = [(s, t) for s, t in there if s == source or t == target] or there
    by = f" with {model}" if model else ""
    shown = ", ".join(f"{s}→{t}" for s, t in near[:_SHOWN]) or "no pair"
    more = f" and {len(near) - _SHOWN} more" if len(near) > _SHOWN else ""
    would = (
        refusal.detail
        for one in catalogue.models
        if source in one.source and target in one.target and (refusal := catalogue.refusal(one))
    )
    hint = "" if model else next((f" It could be, but {detail}" for detail in would), "")
    return UnsupportedPair(
        f"{source}→{target} cannot be translated{by}; there is {shown}{more}.{hint}",
        pairs=[{"source": s, "target": t} for s, t in near[:_SHOWN]],
    )
