"""Train a warm-started model on pairs, for so many target pieces, with checkpoints to resume from.

Three parts learn at rates of their own: the decoder; the encoder, which is the student's and must not
be hurt; and the source's vectors. The vectors of rare names and numbers on the target's side stay as
they are: every step in which a piece is not the label makes it a little less likely, and a piece that
hardly ever is the label is unlearned.
"""

import json
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from sentencepiece import SentencePieceProcessor
from torch import Tensor, nn
from transformers import MarianMTModel

from models.training.batches import Batch
from models.training.direction import Direction
from models.training.student import Student

WARM_UP_STEPS = 150
FINAL_SHARE = 0.03
WHOLE_FROM = 0.9
"""The share of the training after which the softmax is the whole one: the sampled one's estimate is
noise to the vectors of rare pieces."""
CHECKPOINT = "checkpoint.pt"
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
        self.is_frequent = torch.zeros(len(counts), dtype=torch.bool, device=counts.device)
        self.is_frequent[counts.topk(min(FREQUENT, len(counts))).indices] = True

    def __call__(
        self, hidden: Tensor, weight: Tensor, bias: Tensor, labels: Tensor, *, whole: bool
    ) -> Tensor:
        """Mean loss a piece, with label smoothing 0.1: hidden (n × width), labels (n)."""
        if whole:
            logits = nn.functional.linear(hidden, weight).float() + bias
            return nn.functional.cross_entropy(logits, labels, label_smoothing=0.1)
        always = self.is_frequent.clone()
        always[labels] = True
        rest = torch.nonzero(~always)[:, 0]
        sampled = rest[torch.randint(len(rest), (SAMPLED,), device=rest.device)]
        candidates = torch.cat([torch.nonzero(always)[:, 0], sampled])
        place = torch.empty(len(always), dtype=torch.long, device=labels.device)
        place[candidates.flip(0)] = torch.arange(len(candidates) - 1, -1, -1, device=labels.device)
        logits = nn.functional.linear(hidden, weight[candidates]).float() + bias[candidates]
        correction = torch.zeros(len(candidates), device=labels.device)
        correction[-SAMPLED:] = torch.tensor(len(rest) / SAMPLED).log()
        return nn.functional.cross_entropy(logits + correction, place[labels], label_smoothing=0.1)


@dataclass(frozen=True, slots=True)
class Training:
    """What a run needs: the model, its data, where checkpoints go, and how it is measured.

    `batches` is called with the step that the run begins at; `counts` has each piece's occurrences
    in the targets, `fixed` marks the pieces whose vectors stay (both: vocabulary); `tokens` is the
    length of the training in target pieces, `rate` the decoder's peak.
    """

    model: MarianMTModel
    direction: Direction
    batches: Callable[[int], Iterator[Batch]]
    counts: Tensor
    fixed: Tensor
    folder: Path
    tokens: int
    rate: float
    measure: Callable[[MarianMTModel], dict[str, float]]


def train(run: Training) -> None:
    """Train; the state after each checkpoint is `checkpoint.pt`, the models `step-N.pt`.

    A run that finds `checkpoint.pt` goes on from it. Figures go to `log.jsonl`.
    """
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    model = run.model.to(device)
    vectors = model.model.decoder.embed_tokens.weight
    bias = nn.Parameter(model.final_logits_bias[0].clone())
    optimizer = _optimizer(model, bias, run)
    learned = [parameter for group in optimizer.param_groups for parameter in group["params"]]
    loss_of = SampledSoftmax(run.counts.to(device))
    fixed = run.fixed.to(device)
    step, tokens, minutes = 0, 0, 0.0
    checkpoint = run.folder / CHECKPOINT
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True, map_location=device)
        model.load_state_dict(state["model"])
        bias.data.copy_(state["bias"])
        optimizer.load_state_dict(state["optimizer"])
        step, tokens, minutes = state["step"], state["tokens"], state["minutes"]
    # In another order than before: a run that is resumed does not begin its data again.
    batches = run.batches(step)
    mean: float | None = None
    began = saved = time.monotonic()
    while tokens < run.tokens:
        share = tokens / run.tokens
        _set_rates(optimizer, step, share)
        batch = next(batches).to(device)
        loss = _step(
            model,
            bias,
            loss_of,
            batch,
            learns=share >= run.direction.unfreeze_at,
            whole=share >= WHOLE_FROM,
        )
        if vectors.grad is not None:
            vectors.grad[fixed] = 0
        nn.utils.clip_grad_norm_(learned, 1.0)
        optimizer.step()
        optimizer.zero_grad()
        step += 1
        tokens += int(batch.labels_mask.sum())
        mean = loss if mean is None else 0.99 * mean + 0.01 * loss
        now = time.monotonic()
        passed = minutes + (now - began) / 60
        if step % 50 == 0:
            log.info(
                "step %d, %.1f min, %.2f M tokens, loss %.3f", step, passed, tokens / 1e6, mean
            )
        if now - saved > CHECKPOINT_SECONDS or tokens >= run.tokens:
            model.final_logits_bias.copy_(bias.detach()[None])
            place = {"step": step, "minutes": passed, "tokens": tokens}
            state = {"model": model.state_dict(), "bias": bias.detach()}
            _save(run, state | {"optimizer": optimizer.state_dict()} | place)
            figures = {**place, "loss": mean, **run.measure(model)}
            with (run.folder / "log.jsonl").open("a", encoding="utf-8") as file:
                file.write(json.dumps(figures) + "\n")
            log.info("checkpoint: %s", figures)
            saved = time.monotonic()


def _save(run: Training, state: dict[str, Any]) -> None:
    """The model as it is now, and all that a run needs to go on: that as a whole or not at all."""
    torch.save(state["model"], run.folder / f"step-{state['step']}.pt")
    unfinished = run.folder / "checkpoint.new"
    torch.save(state, unfinished)
    unfinished.replace(run.folder / CHECKPOINT)


def _optimizer(model: MarianMTModel, bias: nn.Parameter, run: Training) -> torch.optim.Optimizer:
    """AdamW without decay of vectors and biases: what rests must not shrink."""
    source = model.model.encoder.embed_tokens.weight
    target = model.model.decoder.embed_tokens.weight
    encoder = list(model.model.encoder.layers.parameters())
    decoder = list(model.model.decoder.layers.parameters())
    still = {"weight_decay": 0.0}
    return torch.optim.AdamW(
        [
            {"params": decoder, "peak": run.rate},
            {"params": [target, bias], "peak": run.rate, **still},
            {"params": encoder, "peak": run.direction.encoder_rate},
            {"params": [source], "peak": run.direction.source_rate, **still},
        ],
        lr=0.0,
        betas=(0.9, 0.98),
        weight_decay=0.01,
        fused=True,
    )


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
    whole: bool,
) -> float:
    """Forward and backward; the encoder takes part in the latter if it `learns`."""
    model.train()
    model.model.encoder.eval()
    with torch.autocast(bias.device.type, torch.bfloat16, enabled=_has_bfloat16(bias.device)):
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
            whole=whole,
        )
    loss.backward()
    return float(loss.detach())


def _has_bfloat16(device: torch.device) -> bool:
    """Without instructions for it a processor takes fifty times as long."""
    return device.type == "cuda" or torch.cpu._is_avx512_bf16_supported()


def average(states: list[dict[str, Tensor]]) -> dict[str, Tensor]:
    """The mean of several checkpoints' weights."""
    return {name: torch.stack([s[name] for s in states]).mean(0) for name in states[0]}


@torch.no_grad()
def restore(
    model: MarianMTModel,
    student: Student,
    joint: SentencePieceProcessor,
    fixed: Tensor,
    batches: Sequence[Batch],
) -> None:
    """Give the fixed pieces that the student has its vectors back, in a model that unlearned them.

    Their biases are set so that on the batches' text they are as likely as before in the mean: what
    is restored is what tells them from each other.
    """
    weight = model.model.decoder.embed_tokens.weight
    means = []
    model.eval()
    for batch in batches:
        hidden = model.model(
            input_ids=batch.source, attention_mask=batch.source_mask, decoder_input_ids=batch.inputs
        ).last_hidden_state
        means.append(hidden[batch.labels_mask].mean(0))
    mean = torch.stack(means).mean(0)
    for index in fixed[:-1].nonzero()[:, 0].tolist():
        piece = joint.id_to_piece(index)
        same = student.vocabulary.piece_to_id(piece)
        if student.vocabulary.id_to_piece(same) == piece:
            old = student.tensors["Wemb"][same]
            model.final_logits_bias[0, index] += (weight[index] - old) @ mean
            weight[index] = old
