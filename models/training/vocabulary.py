"""One vocabulary for both sides: the student's pieces, and the Spanish words that it lacks.

Names, numbers and parts of words stay cut on the target's side as they are on the source's; that
keeps the student's ability to copy them. So only lower-case words and what Spanish spelling needs
are added, with the scores that a unigram model of Spanish gives them.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from sentencepiece import SentencePieceProcessor, SentencePieceTrainer, sentencepiece_model_pb2

SPANISH_PIECES = 14_000
WORD = "▁"
_ACCENTED = set("áéíóúñü")
_PUNCTUATION = ("¿", "¡", "«", "»", "“", "”", "’", "—", "–", "…", "€")


def build(
    student_file: Path, english: Sequence[str], spanish: Sequence[str], folder: Path
) -> SentencePieceProcessor:
    """Write `source.spm`, `target.spm` (the same) and `vocab.json` to the folder; give the former.

    Ids are those of the SentencePiece model; `<pad>` is one more, at the end. Pieces that the given
    texts hardly use are dropped: lower-case words under four times, others under twice.
    """
    proto = sentencepiece_model_pb2.ModelProto()
    proto.ParseFromString(student_file.read_bytes())
    known = {piece.piece for piece in proto.pieces}
    floor = min(piece.score for piece in proto.pieces)
    for piece, score in _spanish(spanish, folder / "spanish").items():
        if piece not in known:
            proto.pieces.add(piece=piece, score=score)
            known.add(piece)
    for mark in _PUNCTUATION:
        for piece in (mark, WORD + mark):
            if piece not in known:
                proto.pieces.add(piece=piece, score=floor)
                known.add(piece)
    counts = _counts(proto, [*english, *spanish])
    kept = [piece for piece in proto.pieces if _is_kept(piece, counts[piece.piece])]
    del proto.pieces[:]
    proto.pieces.extend(kept)
    proto.trainer_spec.vocab_size = len(kept)
    for name in ("source.spm", "target.spm"):
        (folder / name).write_bytes(proto.SerializeToString())
    ids = {piece.piece: index for index, piece in enumerate(kept)}
    ids["<pad>"] = len(ids)
    (folder / "vocab.json").write_text(
        json.dumps(ids, ensure_ascii=False, indent=0) + "\n", encoding="utf-8"
    )
    return SentencePieceProcessor(model_file=str(folder / "source.spm"))


def _spanish(lines: Iterable[str], prefix: Path) -> dict[str, float]:
    """The pieces of a unigram model of Spanish that the joint vocabulary takes, with their scores."""
    SentencePieceTrainer.train(
        sentence_iterator=iter(lines),
        model_prefix=str(prefix),
        vocab_size=SPANISH_PIECES,
        character_coverage=0.9998,
        input_sentence_size=200_000,
        shuffle_input_sentence=True,
        num_threads=2,
        minloglevel=2,
    )
    model = SentencePieceProcessor(model_file=f"{prefix}.model")
    scores = {model.id_to_piece(i): model.get_score(i) for i in range(model.get_piece_size())}
    return {piece: score for piece, score in scores.items() if _is_wanted(piece, scores)}


def _is_wanted(piece: str, scores: dict[str, float]) -> bool:
    word = piece.removeprefix(WORD)
    if len(word) == 1:
        return word.isalpha()
    if not word.isalpha():
        return False
    if not piece.startswith(WORD):
        return word.islower() and not _ACCENTED.isdisjoint(word)
    if word.islower():
        return True
    # A capitalised word is no name if it is commoner in lower case ("El", "Según").
    lower = WORD + word.lower()
    return word.istitle() and lower in scores and scores[lower] > scores[piece]


def _counts(proto: sentencepiece_model_pb2.ModelProto, lines: Sequence[str]) -> Counter[str]:
    model = SentencePieceProcessor(model_proto=proto.SerializeToString())
    counts: Counter[int] = Counter()
    for ids in model.encode(list(lines), num_threads=2):
        counts.update(ids)
    return Counter({str(model.id_to_piece(index)): n for index, n in counts.items()})


def _is_kept(piece: sentencepiece_model_pb2.ModelProto.SentencePiece, count: int) -> bool:
    word = piece.piece.removeprefix(WORD)
    if piece.type != piece.NORMAL or len(word) <= 1:
        return True
    is_lower_word = piece.piece.startswith(WORD) and word.isalpha() and word.islower()
    return count >= (4 if is_lower_word else 2)
