import random
from pathlib import Path

import torch
from sentencepiece import SentencePieceProcessor
from transformers import MarianMTModel

from models.catalogue_files import load_catalogue
from models.training import symbols
from models.training.student import config


def test_every_missing_character_gets_a_piece_and_the_old_ones_keep_theirs(tmp_path: Path) -> None:
    folder = load_catalogue(None, tmp_path).get("embedded/es-en", "translate").folder
    assert folder is not None
    old = SentencePieceProcessor(model_file=str(folder / "source.spm"))
    new = symbols.extend(folder / "source.spm", tmp_path)
    for text in ("£5", "Łódź", "#1 @ {x} ~ ½", "ESPAÑA"):
        assert new.unk_id() not in new.encode(text)
    assert new.encode("The mayor of Caracas.") == old.encode("The mayor of Caracas.")


def test_new_vectors_are_near_those_of_what_they_are_like(tmp_path: Path) -> None:
    folder = load_catalogue(None, tmp_path).get("embedded/es-en", "translate").folder
    assert folder is not None
    old = SentencePieceProcessor(model_file=str(folder / "source.spm"))
    joint = symbols.extend(folder / "source.spm", tmp_path)
    torch.manual_seed(1)
    model = MarianMTModel(config(old.get_piece_size() + 1))
    larger = symbols.extended(model, joint)
    for part in ("encoder", "decoder"):
        before, after = (
            getattr(of.model, part).embed_tokens.weight.detach() for of in (model, larger)
        )
        assert torch.equal(after[: old.get_piece_size()], before[:-1])
        assert torch.equal(after[-1], before[-1])
        pound, dollar, word = (after[joint.piece_to_id(p)] for p in ("£", "$", "▁the"))
        alike = torch.cosine_similarity
        assert alike(pound, dollar, dim=0) > 0.6 > abs(alike(pound, word, dim=0))
    assert larger.final_logits_bias.shape[1] == joint.get_piece_size() + 1


def test_symbols_come_into_both_texts_alike() -> None:
    rng = random.Random(1)
    source = "The mayor of Caracas paid $5 million to 107 people of the town."
    target = "El alcalde de Caracas pagó $5 millones a 107 personas del pueblo."
    varied = [symbols.with_symbols(source, target, rng) for _ in range(300)]
    assert (source, target) in varied
    new = set(symbols.CHARACTERS) - set("áéíóúñü")
    for english, spanish in varied:
        assert new & set(english) == new & set(spanish)
    assert any("£5" in s and "£5" in t for s, t in varied)
    assert len({s for s, _ in varied}) > 100
