"""Vectors by alignment, between two small vocabularies made here."""

from pathlib import Path

import numpy as np
import pytest
from sentencepiece import SentencePieceProcessor, SentencePieceTrainer

from models.training import alignment

PORTUGUESE = [
    "o prefeito disse que Romero chegou",
    "o navio chegou",
    "ela disse que o navio partiu",
]
SPANISH = ["el alcalde dijo que Romero llegó", "el barco llegó", "ella dijo que el barco partió"]


def trained(lines: list[str], prefix: Path) -> SentencePieceProcessor:
    SentencePieceTrainer.train(
        sentence_iterator=iter(lines * 20),
        model_prefix=str(prefix),
        model_type="word",
        vocab_size=len({word for line in lines for word in line.split()}) + 3,
        minloglevel=2,
    )
    return SentencePieceProcessor(model_file=f"{prefix}.model")


@pytest.fixture(scope="module")
def vocabularies(tmp_path_factory: pytest.TempPathFactory) -> list[SentencePieceProcessor]:
    folder = tmp_path_factory.mktemp("pieces")
    return [trained(SPANISH, folder / "es"), trained(PORTUGUESE, folder / "pt")]


def test_words_that_stand_in_the_same_places_are_linked(
    vocabularies: list[SentencePieceProcessor],
) -> None:
    spanish, portuguese = vocabularies
    links = alignment.links(spanish.encode(SPANISH), portuguese.encode(PORTUGUESE))
    for ours, theirs in (("▁dijo", "▁disse"), ("▁barco", "▁navio"), ("▁Romero", "▁Romero")):
        shares = links[spanish.piece_to_id(ours)]
        assert max(shares, key=lambda piece: shares[piece]) == portuguese.piece_to_id(theirs)


def test_a_new_word_gets_its_translation_s_vector_on_the_side_that_turns(
    vocabularies: list[SentencePieceProcessor],
) -> None:
    spanish, portuguese = vocabularies
    old = np.eye(portuguese.get_piece_size(), dtype=np.float32)
    bias = np.arange(len(old), dtype=np.float32)
    links = alignment.links(spanish.encode(SPANISH), portuguese.encode(PORTUGUESE))
    stays, stays_bias, turns, turns_bias = alignment.vectors(spanish, portuguese, old, bias, links)
    romero, same = spanish.piece_to_id("▁Romero"), portuguese.piece_to_id("▁Romero")
    assert turns[romero].tolist() == stays[romero].tolist() == old[same].tolist()
    assert turns_bias[romero] == stays_bias[romero] == bias[same]
    barco = spanish.piece_to_id("▁barco")
    assert turns[barco].argmax() == portuguese.piece_to_id("▁navio")
    assert turns_bias[-1] == stays_bias[-1] == alignment.NEVER
    assert not turns[-1].any()
