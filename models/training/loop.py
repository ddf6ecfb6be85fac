"""Train a warm-started model on pairs, for so many minutes, with checkpoints to resume from.

The encoder is the student's, and is good: it is frozen for the first part and learns slowly in the
last, for Adam at the decoder's rate destroys it within fifty steps.
"""

import json
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import MarianMTModel

from models.training.corpus import Batch

PEAK_RATE = 5e-4
ENCODER_RATE = 3e-5
WARM_UP_STEPS = 200
FINAL_SHARE = 0.03
UNFREEZE_AT = 0.8
"""The share of the time after which the encoder learns too, and the softmax is the whole one."""
CHECKPOINT_SECONDS = 600
FREQUENT = 4_000
SAMPLED = 2_000

log = logging.getLogger(__name__)


class SampledSoftmax:
    """Cross-entropy over the pieces that matter for a batch, not over all 30,000.

    The sum is exact over the frequent pieces and those of the batch; the rest is estimated from a
    uniform sample, each weighed by the inverse of its chance (Jean et al. 2015). On a CPU the full
    product is three quarters of the decoder's work.
    """

    def __init__(self, counts: Tensor) -> None:
        """`counts`: how often each piece of the vocabulary occurs in the training targets."""
        self.is_frequent = torch.zeros(len(counts), dtype=torch.bool)
        self.is_frequent[counts.topk(min(FREQUENT, len(counts))).indices] = True

    def __call__(
        self, hidden: Tensor, weight: Tensor, bias: Tensor, labels: Tensor, *, whole: bool
    ) -> Tensor:
        """Mean loss a piece, with label smoothing 0.1: hidden (n × width), labels (n).

        `whole` takes every piece after all: the estimate is noise to the vectors of rare ones.
        """
        if whole:
            logits = nn.functional.linear(hidden, weight).float() + bias
            return nn.functional.cross_entropy(logits, labels, label_smoothing=0.1)
        always = self.is_frequent.clone()
        always[labels] = True
        rest = torch.nonzero(~always)[:, 0]
        sampled = rest[torch.randint(len(rest), (SAMPLED,))]
        candidates = torch.cat([torch.nonzero(always)[:, 0], sampled])
        place = torch.empty(len(always), dtype=torch.long)
        place[candidates.flip(0)] = torch.arange(len(candidates) - 1, -1, -1)
        logits = nn.functional.linear(hidden, weight[candidates]).float() + bias[candidates]
        correction = torch.zeros(len(candidates))
        correction[-SAMPLED:] = torch.tensor(len(rest) / SAMPLED).log()
        return nn.functional.cross_entropy(logits + correction, place[labels], label_smoothing=0.1)


@dataclass(frozen=True, slots=True)
class Training:
    """What a run needs: the model, its data, where checkpoints go, and how it is measured.

    `batches` is called with the step that the run begins at.
    """

    model: MarianMTModel
    batches: Callable[[int], Iterator[Batch]]
    counts: Tensor
    folder: Path
    minutes: float
    measure: Callable[[MarianMTModel], dict[str, float]]


def train(run: Training) -> None:
    """Train; the state after each checkpoint is `checkpoint.pt`, the models `step-N.pt`.

    A run that finds `checkpoint.pt` goes on from its elapsed time. Figures go to `log.jsonl`.
    """
    model = run.model
    bias = nn.Parameter(model.final_logits_bias[0].clone())
    encoder = list(model.model.encoder.parameters())
    decoder = [
        parameter for parameter in model.model.decoder.parameters() if parameter.requires_grad
    ]
    optimizer = torch.optim.AdamW(
        [
            {"params": [*decoder, bias], "peak": PEAK_RATE},
            {"params": encoder, "peak": ENCODER_RATE},
        ],
        lr=0.0,
        betas=(0.9, 0.98),
        weight_decay=0.01,
        fused=True,
    )
    loss_of = SampledSoftmax(run.counts)
    spent, step, tokens = 0.0, 0, 0
    checkpoint = run.folder / "checkpoint.pt"
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        model.load_state_dict(state["model"])
        bias.data.copy_(state["bias"])
        optimizer.load_state_dict(state["optimizer"])
        spent, step, tokens = state["spent"], state["step"], state["tokens"]
    total = run.minutes * 60
    # In another order than before: a run that is resumed does not begin its data again.
    batches = run.batches(step)
    mean: float | None = None
    saved = time.monotonic()
    while spent < total:
        began = time.monotonic()
        share = spent / total
        _set_rates(optimizer, step, share)
        batch = next(batches)
        loss = _step(model, bias, loss_of, batch, learns=share >= UNFREEZE_AT)
        nn.utils.clip_grad_norm_([*decoder, bias, *encoder], 1.0)
        optimizer.step()
        optimizer.zero_grad()
        step += 1
        tokens += int(batch.labels_mask.sum())
        mean = loss if mean is None else 0.99 * mean + 0.01 * loss
        spent += time.monotonic() - began
        if step % 50 == 0:
            log.info(
                "step %d, %.1f min, %.1f M tokens, loss %.3f", step, spent / 60, tokens / 1e6, mean
            )
        if time.monotonic() - saved > CHECKPOINT_SECONDS or spent >= total:
            model.final_logits_bias.copy_(bias.detach()[None])
            torch.save(model.state_dict(), run.folder / f"step-{step}.pt")
            state = {
                "model": model.state_dict(),
                "bias": bias.detach(),
                "optimizer": optimizer.state_dict(),
                "spent": spent,
                "step": step,
                "tokens": tokens,
            }
            torch.save(state, checkpoint.with_suffix(".new"))
            checkpoint.with_suffix(".new").replace(checkpoint)
            figures = {"step": step, "minutes": spent / 60, "tokens": tokens, "loss": mean}
            figures |= run.measure(model)
            with (run.folder / "log.jsonl").open("a", encoding="utf-8") as file:
                file.write(json.dumps(figures) + "\n")
            log.info("checkpoint: %s", figures)
            saved = time.monotonic()


def _set_rates(optimizer: torch.optim.Optimizer, step: int, share: float) -> None:
    warm = min(1.0, (step + 1) / WARM_UP_STEPS)
    for group in optimizer.param_groups:
        group["lr"] = group["peak"] * warm * max(FINAL_SHARE, 1 - share)


def _step(
    model: MarianMTModel,
    bias: nn.Parameter,
    loss_of: SampledSoftmax,
    batch: Batch,
    *,
    learns: bool,
) -> float:
    """Forward and backward; the encoder takes part in the latter if it `learns`."""
    model.train()
    model.model.encoder.eval()
    with torch.autocast("cpu", torch.bfloat16):
        with torch.set_grad_enabled(learns):
            states = model.model.encoder(batch.source, batch.source_mask).last_hidden_state
        hidden = model.model.decoder(
            input_ids=batch.inputs,
            encoder_hidden_states=states,
            encoder_attention_mask=batch.source_mask,
            use_cache=False,
        ).last_hidden_state
        loss = loss_of(
            hidden[batch.labels_mask],
            model.model.decoder.embed_tokens.weight,
            bias,
            batch.labels[batch.labels_mask],
            whole=learns,
        )
    loss.backward()
    return float(loss.detach())


def average(states: list[dict[str, Tensor]]) -> dict[str, Tensor]:
    """The mean of several checkpoints' weights."""
    return {name: torch.stack([s[name] for s in states]).mean(0) for name in states[0]}
