"""Protected spans: text that must not pass through a model and is restored exactly.

Spans are found by rule (`literal`, `quantities`, `names`) and by asking the model's tokenizer which
characters it cannot read (`characters`). Each is either sent as a stand-in that models copy reliably
(`standins`) or the text is cut around it; some are only reworded so that models read them well (`wording`).
"""

from pipeline.protect.sent import Sent, protect
from pipeline.protect.spans import How, Protected

__all__ = ["How", "Protected", "Sent", "protect"]
