"""The loop, on a tiny model and four pairs of numbers for pieces."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from transformers import MarianConfig, MarianMTModel

from models.training import loop
from models.training.batches import Batch, stream
from models.training.direction import DIRECTIONS
from tests.tiny import SIZES

PAD = 20
FIXED = (5, 6)
DATA = [([3, 4, 0], [7, 8, 0]), ([5, 0], [9, 0]), ([4, 3, 0], [8, 7, 0]), ([3, 0], [7, 0])]


@pytest.fixture(autouse=True)
def few_candidates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "FREQUENT", 8)
    monkeypatch.setattr(loop, "SAMPLED", 4)
    monkeypatch.setattr(loop, "WARM_UP_STEPS", 1)


def tiny() -> MarianMTModel:
    torch.manual_seed(1)
    return MarianMTModel(
        MarianConfig(
            vocab_size=PAD + 1,
            decoder_vocab_size=PAD + 1,
            share_encoder_decoder_embeddings=False,
            pad_token_id=PAD,
            decoder_start_token_id=PAD,
            eos_token_id=0,
            forced_eos_token_id=0,
            **SIZES,
        )
    )


def run(model: MarianMTModel, folder: Path, tokens: int, direction: str = "es-en") -> None:
    def given(seed: int) -> Iterator[Batch]:
        return stream(DATA, PAD, seed)

    loop.train(
        loop.Training(
            model=model,
            direction=DIRECTIONS[direction],
            batches=given,
            counts=torch.ones(PAD + 1),
            fixed=torch.tensor([piece in FIXED for piece in range(PAD + 1)]),
            folder=folder,
            tokens=tokens,
            rate=1e-2,
            measure=lambda _: {"chrf": 1.0},
        )
    )


def test_fixed_vectors_stay_and_the_others_learn(tmp_path: Path) -> None:
    model = tiny()
    before = model.model.decoder.embed_tokens.weight.detach().clone()
    run(model, tmp_path, tokens=300)
    moved = (model.model.decoder.embed_tokens.weight.detach() - before).abs().sum(1) > 0
    assert not moved[list(FIXED)].any()
    assert moved[[7, 8, 9]].all()


def test_the_loss_falls(tmp_path: Path) -> None:
    model = tiny()
    run(model, tmp_path, tokens=20)
    first = json.loads((tmp_path / "log.jsonl").read_text().splitlines()[-1])["loss"]
    run(model, tmp_path, tokens=3_000)
    last = json.loads((tmp_path / "log.jsonl").read_text().splitlines()[-1])["loss"]
    assert last < first


def test_a_run_goes_on_from_its_checkpoint(tmp_path: Path) -> None:
    run(tiny(), tmp_path, tokens=100)
    at_rest = tiny()  # without a step to do it takes the checkpoint's weights
    run(at_rest, tmp_path, tokens=100)
    saved = torch.load(tmp_path / "checkpoint.pt", weights_only=True)
    assert saved["tokens"] >= 100
    for name, tensor in at_rest.state_dict().items():
        assert torch.equal(tensor, saved["model"][name]), name


def test_a_good_encoder_is_frozen_at_first(tmp_path: Path) -> None:
    model = tiny()
    before = model.model.encoder.layers[0].fc1.weight.detach().clone()
    # The last step begins before the share at which the encoder of en-es learns.
    run(model, tmp_path, tokens=10, direction="en-es")
    assert torch.equal(model.model.encoder.layers[0].fc1.weight.detach(), before)


def test_the_sampled_softmax_estimates_the_whole_one() -> None:
    torch.manual_seed(2)
    hidden, weight = torch.randn(40, 16), torch.randn(PAD + 1, 16)
    bias, labels = torch.zeros(PAD + 1), torch.randint(0, 4, (40,))
    loss = loop.SampledSoftmax(torch.arange(PAD + 1, 0, -1))
    whole = loss(hidden, weight, bias, labels, whole=True)
    sampled = torch.stack([loss(hidden, weight, bias, labels, whole=False) for _ in range(400)])
    assert float(sampled.mean()) == pytest.approx(float(whole), rel=0.1)


def test_the_average_is_the_mean_of_the_weights() -> None:
    states = [{"w": torch.tensor([1.0, 2.0])}, {"w": torch.tensor([3.0, 6.0])}]
    assert loop.average(states)["w"].tolist() == [2.0, 4.0]
