"""Routes: the models a text is translated with, directly or through a pivot language."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import permutations, product

from models.catalogue import Catalogue, Model
from models.errors import UnsupportedPair
from models.language_codes import code_of_name, primary_subtag

_MAX_LISTED_PAIRS = 40
"""How many pairs an error lists at most; `/v1/languages` lists all."""


@dataclass(frozen=True, slots=True)
class Leg:
    """One model, and the languages it translates from and to."""

    model: str
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Route:
    """The legs from a source to a target language, in order; no legs if both are the same."""

    source: str
    target: str
    legs: tuple[Leg, ...]

    @property
    def models(self) -> list[str]:
        """The ids of the models, in order."""
        return [leg.model for leg in self.legs]


def routes(catalogue: Catalogue) -> dict[tuple[str, str], Route]:
    """Return every language pair that can be translated now, with its route."""
    found: dict[tuple[str, str], Route] = {}
    for chain in _chains(catalogue.available("translate")):
        for pair in product(chain[0].source, chain[-1].target):
            if pair[0] != pair[1] and pair not in found and (via := _route_through(chain, *pair)):
                found[pair] = via
    return found


def route(catalogue: Catalogue, source: str, target: str, model: str | None = None) -> Route:
    """Return the route from source to target: the first direct one, else the first with a pivot.

    Models are tried in catalogue order; if `model` is given, only that one. Raises UnsupportedPair, which
    lists the supported pairs and names a model that would do it once available, and the errors of
    `Catalogue.get`.
    """
    source, target = primary_subtag(source), primary_subtag(target)
    chosen = [catalogue.get(model, "translate")] if model else []
    if source == target:
        return Route(source, target, ())
    for chain in _chains(chosen or catalogue.available("translate")):
        if found := _route_through(chain, source, target):
            return found
    raise _unsupported(catalogue, source, target, model)


def _chains(models: Iterable[Model]) -> Iterator[tuple[Model, ...]]:
    """Yield each model alone, then each two models that share a language, in order of preference."""
    seen = []
    for model in models:
        seen.append(model)
        yield (model,)
    for first, second in permutations(seen, 2):
        if not set(first.target).isdisjoint(second.source):
            yield first, second


def _route_through(chain: tuple[Model, ...], source: str, target: str) -> Route | None:
    """Return the route through these models, None if they do not lead from source to target."""
    first, last = chain[0], chain[-1]
    if source not in first.source or target not in last.target:
        return None
    if len(chain) == 1:
        return Route(source, target, (Leg(first.id, source, target),))
    pivots = set(first.target) & set(last.source) - {source, target}
    if not pivots:
        return None
    # Most models have been trained on English most; otherwise choose the same pivot every time.
    pivot = "en" if "en" in pivots else min(pivots)
    return Route(source, target, (Leg(first.id, source, pivot), Leg(last.id, pivot, target)))


def _unsupported(
    catalogue: Catalogue, source: str, target: str, model: str | None
) -> UnsupportedPair:
    supported = sorted(routes(catalogue))
    near = [(s, t) for s, t in supported if s == source or t == target] or supported
    listed = near[:_MAX_LISTED_PAIRS]
    others = f" and {len(near) - len(listed)} more" if len(near) > len(listed) else ""
    refusals = (
        refusal.detail
        for one in catalogue.models
        if source in one.source and target in one.target and (refusal := catalogue.refusal(one))
    )
    meant = "".join(
        f" Did you mean {code}, {name}?"
        for tag in (source, target)
        if (code := code_of_name(tag)) is not None
        for name in [tag.capitalize()]
    )
    hint = "" if model else next((f" A model for it exists: {detail}" for detail in refusals), "")
    return UnsupportedPair(
        f"{source}→{target} cannot be translated{f' with {model}' if model else ''}. Supported: "
        f"{', '.join(f'{s}→{t}' for s, t in listed) or 'no pair'}{others}.{hint}{meant}",
        pairs=[{"source": s, "target": t} for s, t in listed],
    )
