"""What a region changes in a translation: notation of numbers, quotation marks, spelling, forms of address.

The models write one variety of each language. Which of these a region has is in `applied`; the rest
(words, grammar) is as the model writes it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from models.language_codes import primary_subtag
from pipeline.checked import Checked
from pipeline.checks import CheckFlag, Code
from pipeline.figures.digits import FIGURE, localized
from pipeline.figures.notation import notation
from pipeline.figures.versions import versions
from pipeline.languages import tag_of
from pipeline.protect.literal import literal
from pipeline.requests import QuoteStyle
from pipeline.results import RegionUse
from pipeline.spans import Span
from pipeline.style.house import HouseStyle

_AMERICAN_TO_BRITISH = {
    "aluminum": "aluminium", "analyze": "analyse", "analyzed": "analysed", "behavior": "behaviour",
    "canceled": "cancelled", "catalog": "catalogue", "center": "centre", "centers": "centres",
    "color": "colour", "colored": "coloured", "colors": "colours", "defense": "defence", "favor": "favour",
    "favored": "favoured", "favorite": "favourite", "favorites": "favourites", "flavor": "flavour",
    "fueled": "fuelled", "gray": "grey", "harbor": "harbour", "honor": "honour", "honored": "honoured",
    "honors": "honours", "humor": "humour", "jewelry": "jewellery", "labeled": "labelled", "labor": "labour",
    "liter": "litre", "liters": "litres", "modeled": "modelled", "neighbor": "neighbour",
    "neighborhood": "neighbourhood", "neighborhoods": "neighbourhoods", "neighboring": "neighbouring",
    "neighbors": "neighbours", "offense": "offence", "pajamas": "pyjamas", "paralyzed": "paralysed",
    "plow": "plough", "rumor": "rumour", "rumors": "rumours", "skeptical": "sceptical", "theater": "theatre",
    "theaters": "theatres", "traveled": "travelled", "traveler": "traveller", "travelers": "travellers",
    "traveling": "travelling",
}  # fmt: skip
"""Words with one spelling on each side of the Atlantic, and no other meaning ("check", "program")."""
_SPELLINGS = {
    "en-GB": _AMERICAN_TO_BRITISH,
    "en-US": {british: american for american, british in _AMERICAN_TO_BRITISH.items()},
}
_QUOTES: dict[str, QuoteStyle] = {"es-ES": "angled"}
"""The regions whose outer marks are not the curly ones (CLDR)."""
_YOU_ALL = re.compile(r"\b(?:vosotr[oa]s|vuestr[oa]s?|os|\w{2,}[áé]is)\b", re.IGNORECASE)
"""The forms of "vosotros", which Latin America does not use; those in -ís are too often names."""
_USTEDES = re.compile(r"\bustedes\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Region:
    """A language in a region: `es-MX`."""

    tag: str

    @property
    def applied(self) -> list[str]:
        """What of a translation is written as in the region."""
        parts = []
        if notation(self.tag).decimal != notation(self.language).decimal:
            parts.append("numbers")
        if self.quotes is not None:
            parts.append("quotation marks")
        if self.tag in _SPELLINGS:
            parts.append("spelling")
        return parts

    @property
    def note(self) -> str:
        """What the region makes no difference to, for the reader of a result."""
        same = "Words and grammar are the model's, which writes one variety of the language"
        if not self.applied:
            return f"{same}: {self.tag} makes no difference, except to terms of glossaries."
        return f"{same}; terms of glossaries for {self.tag} are used."

    @property
    def language(self) -> str:
        """The language alone."""
        return primary_subtag(self.tag)

    @property
    def quotes(self) -> QuoteStyle | None:
        """The quotation marks of the region (CLDR), of the two styles of the press; None for others."""
        if self.language not in ("en", "es"):
            return None
        return _QUOTES.get(self.tag, "curly")

    @property
    def used(self) -> RegionUse:
        """What a result says of the region."""
        return RegionUse(tag=self.tag, applied=self.applied, note=self.note)

    def house(self, house: HouseStyle) -> HouseStyle:
        """The house style with the quotation marks of the region."""
        return house if self.quotes is None else replace(house, quotes=self.quotes)

    def styled(self, checked: Checked) -> Checked:
        """A sentence of a model, as it is written in the region."""
        checked = replace(checked, text=self._figures(checked.text, self.language, self.tag))
        changes = list(self._respellings(checked.text))
        return _with_changes(checked, changes) if changes else checked

    def flagged(self, source: str, checked: Checked) -> Checked:
        """The sentence with flags for forms of address that the region does not use."""
        return replace(checked, flags=(*checked.flags, *self._forms(source, checked.text)))

    def neutral(self, text: str) -> str:
        """A text of the region with figures as the checks read them; no length changes."""
        return self._figures(text, self.tag, self.language)

    def _figures(self, text: str, before: str, after: str) -> str:
        if notation(before).decimal == notation(after).decimal:
            return text
        kept = [*(one.span for one in literal(text)), *versions(text)]

        def written(match: re.Match[str]) -> str:
            is_kept = any(span.start < match.end() and match.start() < span.end for span in kept)
            return match[0] if is_kept else localized(match[0], before, after)

        return FIGURE.sub(written, text)

    def _respellings(self, text: str) -> Iterator[tuple[Span, str]]:
        for match in re.finditer(r"\b[a-z]+\b", text):
            right = _SPELLINGS.get(self.tag, {}).get(match[0])
            if right is not None:
                yield Span(*match.span()), right

    def _forms(self, source: str, text: str) -> Iterator[CheckFlag]:
        """Forms of the plural "you"; one in a name of the source is no form."""
        if self.language != "es":
            return
        if self.tag == "es-ES":
            wrong, instead = _USTEDES, "formal in Spain: it may have to be “vosotros”"
        else:
            wrong, instead = _YOU_ALL, f"not used in {self.tag}: write a form of “ustedes”"
        for match in wrong.finditer(text):
            if match[0] not in source:
                message = f"“{match[0]}” is {instead}."
                yield CheckFlag(Code.REGIONAL_FORM, message, None, Span(*match.span()))


def region_of(target: str, region: str | None) -> Region | None:
    """The region of a target; None where it is a language alone."""
    return None if region is None else Region(tag_of(target, region))


def _with_changes(checked: Checked, changes: Sequence[tuple[Span, str]]) -> Checked:
    """Write the changes into a sentence, and move the places of its flags with them."""
    text = checked.text
    for span, word in sorted(changes, reverse=True):
        text = text[: span.start] + word + text[span.end :]

    def moved(place: int) -> int:
        return place + sum(len(w) - (s.end - s.start) for s, w in changes if s.end <= place)

    flags = tuple(
        flag
        if flag.target is None
        else replace(flag, target=Span(moved(flag.target.start), moved(flag.target.end)))
        for flag in checked.flags
    )
    return replace(checked, text=text, flags=flags)
