"""The newsroom's own choices for what is written in the target language."""

from dataclasses import dataclass

from pipeline.checks.own_names import NONE, OwnNames
from pipeline.requests import HeadlineStyle, OnFlag, QuoteStyle


@dataclass(frozen=True, slots=True)
class HouseStyle:
    """What happens to flagged sentences, how quotations and headlines look, the newsroom's names.

    The settings of the same names say what each value means.
    """

    on_flag: OnFlag = "flag"
    quotes: QuoteStyle = "curly"
    headlines: HeadlineStyle = "sentence"
    names: OwnNames = NONE


DEFAULT_STYLE = HouseStyle()
