"""Models that a repository has in CTranslate2's own format, such as quickmt's.

They have `model.bin` with its vocabularies, and two SentencePiece models. `ModelTokenizer` reads those under
the names that a Marian's have.
"""

import json
import shutil
from pathlib import Path

from models.errors import FetchFailed

_PIECES = {
    "source.spm": ("source.spm", "src.spm.model", "joint.spm.model"),
    "target.spm": ("target.spm", "tgt.spm.model", "joint.spm.model"),
}
"""By Marian's name, the names that repositories have."""
_VOCABULARIES = ("source_vocabulary.json", "shared_vocabulary.json")
_MARIAN_TOKENS = ("<pad>", "</s>", "<unk>")


def write_tokenizer(folder: Path) -> list[Path]:
    """Write the tokenizer's files as a Marian has them and return them; raise FetchFailed without any."""
    written = []
    for name, candidates in _PIECES.items():
        found = next((folder / c for c in candidates if (folder / c).is_file()), None)
        if found is None:
            raise FetchFailed(
                f"The model in CTranslate2's format has no tokenizer ({candidates[1]}), and cannot be used."
            )
        if found.name != name:
            shutil.copy(found, folder / name)
            written.append(folder / name)
    vocabulary = folder / "vocab.json"
    if not vocabulary.is_file():
        listed = next(folder / name for name in _VOCABULARIES if (folder / name).is_file())
        tokens = json.loads(listed.read_text(encoding="utf-8"))
        tokens += [token for token in _MARIAN_TOKENS if token not in tokens]
        numbered = {token: number for number, token in enumerate(tokens)}
        vocabulary.write_text(json.dumps(numbered, ensure_ascii=False), encoding="utf-8")
        written.append(vocabulary)
    return written
