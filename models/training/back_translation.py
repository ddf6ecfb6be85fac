"""Sources for texts that have only a target: the other direction's model writes them.

Real sentences on the target's side teach the decoder what the language is like even where their
sources are a machine's (Sennrich et al. 2016).
"""

import logging
from collections.abc import Sequence
from pathlib import Path

from models.engines.translator import Translator
from models.training.direction import Direction
from models.training.evaluate import translated

BLOCK = 2_000
"""Lines between two writes: what a run that is stopped does again."""

log = logging.getLogger(__name__)


def write_sources(
    translator: Translator, direction: Direction, targets: Sequence[str], path: Path
) -> None:
    """Write the source of each of `targets` to `path`, line by line; go on where it was stopped.

    `direction` is the one that is trained, `translator` the other one's. A text that is longer than
    the translator takes gets an empty line.
    """
    done = whole_lines(path)
    with path.open("a", encoding="utf-8") as file:
        for start in range(done, len(targets), BLOCK):
            block = targets[start : start + BLOCK]
            lengths = translator.count_tokens(block)
            short = [i for i, count in enumerate(lengths) if count <= translator.max_source_tokens]
            sources = [""] * len(block)
            pair = (direction.target, direction.source)
            for index, text in zip(
                short, translated(translator, [block[i] for i in short], pair), strict=True
            ):
                sources[index] = " ".join(text.split())
            file.writelines(f"{source}\n" for source in sources)
            file.flush()
            log.info("%s: %d of %d lines", path.name, start + len(block), len(targets))


def whole_lines(path: Path) -> int:
    """How many lines are there, after one that was not written to its end is taken off."""
    if not path.exists():
        return 0
    text = path.read_text(encoding="utf-8")
    whole = text[: text.rfind("\n") + 1]
    path.write_text(whole, encoding="utf-8")
    return whole.count("\n")
