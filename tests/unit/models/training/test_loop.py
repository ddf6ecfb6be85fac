"""The loop, on a tiny model and four pairs of numbers for pieces."""

import itertools
import json
import math
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from transformers import MarianConfig, MarianMTModel

from models.training import loop
from models.training.batches import Batch, batch
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


def run(
    model: MarianMTModel,
    folder: Path,
    tokens: float = math.inf,
    minutes: float = math.inf,
    given: Batch | None = None,
) -> None:
    def batches(seed: int) -> Iterator[Batch]:
        return itertools.repeat(given or batch(DATA, PAD))

    loop.train(
        loop.Training(
            model=model,
            direction=DIRECTIONS["es-en"],
            batches=batches,
            counts=torch.ones(PAD + 1),
            fixed=torch.tensor([piece in FIXED for piece in range(PAD + 1)]),
            folder=folder,
            rate=1e-2,
            measure=lambda _: {"chrf": 1.0},
            tokens=tokens,
            minutes=minutes,
        )
    )


def last_figures(folder: Path) -> dict[str, float]:
    figures: dict[str, float] = json.loads((folder / "log.jsonl").read_text().splitlines()[-1])
    return figures


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
    first = last_figures(tmp_path)["loss"]
    run(model, tmp_path, tokens=3_000)
    assert last_figures(tmp_path)["loss"] < first


def test_a_run_ends_when_its_time_is_over(tmp_path: Path) -> None:
    run(tiny(), tmp_path, minutes=0.01)
    assert last_figures(tmp_path)["minutes"] >= 0.01


def test_the_checkpoint_is_the_mean_of_the_weights(tmp_path: Path) -> None:
    model = tiny()
    run(model, tmp_path, tokens=500)
    (mean,) = tmp_path.glob("step-*.pt")
    state = torch.load(mean, weights_only=True)
    vectors = "model.decoder.embed_tokens.weight"
    assert state.keys() == tiny().state_dict().keys()
    between = state[vectors][7] - tiny().state_dict()[vectors][7]
    whole = model.state_dict()[vectors][7] - tiny().state_dict()[vectors][7]
    assert 0 < float(between.norm()) < float(whole.norm())


def test_a_step_whose_gradient_is_not_finite_is_left_out(tmp_path: Path) -> None:
    model = tiny()
    with torch.no_grad():
        model.model.encoder.embed_tokens.weight[3] = math.inf
    before = model.model.decoder.layers[0].fc1.weight.detach().clone()
    run(model, tmp_path, tokens=20)
    assert torch.equal(model.model.decoder.layers[0].fc1.weight.detach(), before)


def test_a_run_goes_on_from_its_checkpoint(tmp_path: Path) -> None:
    run(tiny(), tmp_path, tokens=100)
    at_rest = tiny()  # without a step to do it takes the checkpoint's weights
    run(at_rest, tmp_path, tokens=100)
    saved = torch.load(tmp_path / "checkpoint.pt", weights_only=True)
    assert saved["tokens"] >= 100
    for name, tensor in at_rest.state_dict().items():
        assert torch.equal(tensor, saved["model"][name]), name


def test_the_held_out_loss_is_the_mean_over_all_pieces() -> None:
    model = loop._learning_bias(tiny())
    counts = torch.ones(PAD + 1)
    together = loop.held_out_loss(model, counts, [batch(DATA, PAD)])
    apart = loop.held_out_loss(model, counts, [batch(DATA[:1], PAD), batch(DATA[1:], PAD)])
    assert apart == pytest.approx(together, rel=1e-2)  # bfloat16 where the processor has it


def test_the_sampled_softmax_estimates_the_whole_one() -> None:
    torch.manual_seed(2)
    hidden, weight = torch.randn(40, 16), torch.randn(PAD + 1, 16)
    bias, labels = torch.zeros(PAD + 1), torch.randint(0, 4, (40,))
    loss = loop.SampledSoftmax(torch.arange(PAD + 1, 0, -1))
    whole = loss(hidden, weight, bias, labels, whole=True)
    sampled = torch.stack([loss(hidden, weight, bias, labels, whole=False) for _ in range(400)])
    assert float(sampled.mean()) == pytest.approx(float(whole), rel=0.1)
