import itertools
from pathlib import Path

import pytest
from sentencepiece import SentencePieceProcessor

from models.training.batches import Batches, Texts, batch, encode, grouped
from models.training.corpus import Corpus
from models.training.direction import DIRECTIONS

PAD = 9
FOLDER = Path("models/embedded/en-es")


@pytest.fixture
def texts() -> Texts:
    pairs = [(f"The ship number {i}.", f"El barco número {i}.") for i in range(60)]
    vocabulary = SentencePieceProcessor(model_file=str(FOLDER / "source.spm"))
    return Texts(Corpus(pairs, ["Quito"]), DIRECTIONS["en-es"], vocabulary)


def test_labels_stand_where_the_inputs_lead_to_them() -> None:
    made = batch([([3, 4, 0], [7, 8, 0]), ([5, 0], [6, 0])], PAD)
    assert made.source.tolist() == [[3, 4, 0], [5, 0, PAD]]
    assert made.source_mask.tolist() == [[True, True, True], [True, True, False]]
    assert made.inputs.tolist() == [[PAD, 7, 8], [PAD, 6, 0]]
    assert made.labels.tolist() == [7, 8, 0, 6, 0]
    assert made.inputs.flatten()[made.places].tolist() == [PAD, 7, 8, PAD, 6]


def test_groups_are_of_like_lengths_and_no_larger_than_they_may_be() -> None:
    pairs = [([1] * length, [1] * length) for length in (2, 9, 3, 8, 2, 30)]
    groups = grouped(pairs, 12)
    assert [[len(target) for _, target in group] for group in groups] == [
        [2, 2, 3],
        [8],
        [9],
        [30],
    ]


def test_what_is_too_long_is_left_out(texts: Texts) -> None:
    assert len(encode(texts.vocabulary, [("One.", "Uno."), ("word " * 200, "Uno.")])) == 1


def test_passes_go_on_and_processes_make_different_ones(texts: Texts) -> None:
    batches = Batches(texts, 100, seed=1)
    alone = [made.labels.tolist() for made in itertools.islice(batches, 40)]
    assert sum(map(len, alone)) > len(texts.corpus.pairs) * 5  # more than one pass
    beside = [made.labels.tolist() for made in itertools.islice(batches.ahead(2), 40)]
    assert beside[0] == alone[0]
    assert beside[1] != alone[1]
