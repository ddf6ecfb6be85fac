"""Languages: BCP-47 tags in, and the way from one to another through the models there are."""

from dataclasses import dataclass
from functools import cache
from itertools import product

from models.catalogue import Catalogue, Model
from models.errors import UnsupportedPair


@dataclass(frozen=True, slots=True)
class Route:
    """The models, by id, that a text goes through from source to target; none if they are one."""

    source: str
    target: str
    legs: tuple[str, ...]


@cache
def normalize(tag: str) -> str:
    """The tag's language in lower case: `es_MX` and `ES` are `es`; regions have no models here."""
    return tag.replace("_", "-").split("-")[0].lower()


def pairs(catalogue: Catalogue) -> list[tuple[str, str]]:
    """Every pair that `route` serves with at least one model, sorted."""
    direct = {
        pair for model in _translators(catalogue) for pair in product(model.source, model.target)
    }
    through = {(s, t) for s, middle in direct for other, t in direct if middle == other}
    return sorted((s, t) for s, t in direct | through if s != t)


def route(catalogue: Catalogue, source: str, target: str, model: str | None = None) -> Route:
    """The way from source to target: direct, or else by a pivot, the first in catalogue order.

    With a `model` that one alone (UnknownModel). UnsupportedPair says which pairs there are.
    """
    source, target = normalize(source), normalize(target)
    chosen = [catalogue.get(model, "translate")] if model else _translators(catalogue)
    if source == target:
        return Route(source, target, ())
    for first in chosen:
        if source in first.source and target in first.target:
            return Route(source, target, (first.id,))
    for first, second in product(chosen, chosen):
        meet = set(first.target) & set(second.source)
        if meet and source in first.source and target in second.target:
            return Route(source, target, (first.id, second.id))
    there = pairs(catalogue)
    shown = ", ".join(f"{s}→{t}" for s, t in there)
    by = f" with {model}" if model else ""
    raise UnsupportedPair(
        f"{source}→{target} cannot be translated{by}; there is {shown}.",
        pairs=[{"source": s, "target": t} for s, t in there],
    )


def _translators(catalogue: Catalogue) -> list[Model]:
    return [model for model in catalogue.models if model.task == "translate"]
