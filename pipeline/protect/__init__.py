"""Protected spans: what must not pass through a model, and comes back exactly.

Spans are found by rule (`literal`, `quantities`, `names`) and by asking the model's tokenizer what it cannot
read (`characters`). Each is sent as a stand-in that models copy well (`standins`), or the text is
cut around it; some are only written in a way that models read well (`wording`).
"""

from pipeline.protect.sent import Sent, protect
from pipeline.protect.spans import How, Protected

__all__ = ["How", "Protected", "Sent", "protect"]
