"""The newsroom's own style settings for the target language."""

from dataclasses import dataclass

from pipeline.glossary.names import NONE, OwnNames
from pipeline.requests import HeadlineStyle, OnFlag, QuoteStyle


@dataclass(frozen=True, slots=True)
class HouseStyle:
    """How to treat flagged sentences, style quotations and headlines, and write the newsroom's own names.

    Each value is explained at the setting of the same name.
    """

    on_flag: OnFlag = "flag"
    quotes: QuoteStyle = "curly"
    headlines: HeadlineStyle = "sentence"
    names: OwnNames = NONE


DEFAULT_STYLE = HouseStyle()
