"""Train a warm-started model on pairs, for so long, with checkpoints to resume from.

Three parts learn at rates of their own: the decoder; the encoder, which is the student's and must not
be hurt; and the source's vectors. The vectors of rare names and numbers on the target's side stay as
they are: every step in which a piece is not the label makes it a little less likely, and a piece that
hardly ever is the label is unlearned.
"""

import json
import logging
import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from sentencepiece import SentencePieceProcessor
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from transformers import MarianMTModel

from models.training.batches import Batch
from models.training.direction import Direction
from models.training.student import Student

WARM_UP_STEPS = 300
FINAL_SHARE = 0.03
MEAN_DECAY = 0.998
"""What is measured and kept is the exponential mean of the weights: over some 500 steps."""
WHOLE_FROM = 0.9
"""The share of the training after which the softmax is the whole one: the sampled one's estimate is
noise to the vectors of rare pieces. On a GPU it is whole from the first step."""
CHECKPOINT = "checkpoint.pt"
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
    in the targets, `fixed` marks the pieces whose vectors stay (both: vocabulary). It ends after so
    many target pieces (`tokens`) or `minutes`, whichever is first; `rate` is the decoder's peak;
    `between` are the seconds from one checkpoint to the next.
    """

    model: MarianMTModel
    direction: Direction
    batches: Callable[[int], Iterator[Batch]]
    counts: Tensor
    fixed: Tensor
    folder: Path
    rate: float
    measure: Callable[[MarianMTModel], dict[str, float]]
    tokens: float = math.inf
    minutes: float = math.inf
    between: float = 600


def train(run: Training) -> None:
    """Train; the state after each checkpoint is `checkpoint.pt`, the models `step-N.pt`.

    A run that finds `checkpoint.pt` goes on from it. Figures go to `log.jsonl`.
    """
    device = device_here()
    if device.type == "cpu":
        # The fused attention's backward pass is two fifths of a step there.
        run.model.set_attn_implementation("eager")
    model = _learning_bias(run.model).to(device)
    vectors = model.model.decoder.embed_tokens.weight
    mean = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(MEAN_DECAY))
    optimizer = _optimizer(model, run)
    learned = [parameter for group in optimizer.param_groups for parameter in group["params"]]
    loss_of = SampledSoftmax(run.counts.to(device))
    fixed = run.fixed.to(device)
    step, tokens, minutes = 0, 0, 0.0
    checkpoint = run.folder / CHECKPOINT
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True, map_location=device)
        model.load_state_dict(state["model"])
        mean.load_state_dict(state["mean"])
        optimizer.load_state_dict(state["optimizer"])
        step, tokens, minutes = state["step"], state["tokens"], state["minutes"]
    share = _share(run, tokens, minutes)
    # In another order than before: a run that is resumed does not begin its data again.
    batches = run.batches(step) if share < 1 else iter(())
    loss = torch.zeros((), device=device)
    began = saved = time.monotonic()
    while share < 1:
        _set_rates(optimizer, step, share)
        batch = next(batches)
        tokens += len(batch.labels)
        whole = share >= WHOLE_FROM or device.type == "cuda"
        of_step = _step(model, loss_of, batch.to(device), whole=whole)
        if vectors.grad is not None:
            vectors.grad[fixed] = 0
        norm = nn.utils.clip_grad_norm_(learned, 1.0)
        # In bfloat16 on a GPU one step in 200 had a gradient that was not finite, by a finite loss.
        if torch.isfinite(norm):
            optimizer.step()
        optimizer.zero_grad()
        mean.update_parameters(model)
        loss = of_step if step == 0 else loss.lerp(of_step, 0.01)
        step += 1
        now = time.monotonic()
        passed = minutes + (now - began) / 60
        share = _share(run, tokens, passed)
        if step % 50 == 0:
            log.info(
                "step %d, %.1f min, %.2f M tokens, loss %.3f", step, passed, tokens / 1e6, loss
            )
        if now - saved > run.between or share >= 1:
            place = {"step": step, "minutes": passed, "tokens": tokens}
            parts = {"model": model, "mean": mean, "optimizer": optimizer}
            _save(run, {name: part.state_dict() for name, part in parts.items()} | place)
            figures = {**place, "loss": float(loss), **run.measure(mean.module)}
            with (run.folder / "log.jsonl").open("a", encoding="utf-8") as file:
                file.write(json.dumps(figures) + "\n")
            log.info("checkpoint: %s", figures)
            saved = time.monotonic()


def device_here() -> torch.device:
    """A GPU where there is one."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def _share(run: Training, tokens: int, minutes: float) -> float:
    return max(tokens / run.tokens, minutes / run.minutes)


def _learning_bias(model: MarianMTModel) -> MarianMTModel:
    """The model whose output bias, a buffer in transformers, learns with the rest."""
    bias = nn.Parameter(model.final_logits_bias.clone())
    del model.final_logits_bias
    model.register_parameter("final_logits_bias", bias)
    return model


def _save(run: Training, state: dict[str, Any]) -> None:
    """The mean as it is now, and all that a run needs to go on: that as a whole or not at all."""
    prefix = "module."
    mean = {
        name.removeprefix(prefix): tensor.cpu()
        for name, tensor in state["mean"].items()
        if name.startswith(prefix)
    }
    torch.save(mean, run.folder / f"step-{state['step']}.pt")
    unfinished = run.folder / "checkpoint.new"
    torch.save(state, unfinished)
    unfinished.replace(run.folder / CHECKPOINT)


def _optimizer(model: MarianMTModel, run: Training) -> torch.optim.Optimizer:
    """AdamW without decay of vectors and biases: what rests must not shrink."""
    source = model.model.encoder.embed_tokens.weight
    target = model.model.decoder.embed_tokens.weight
    encoder = list(model.model.encoder.layers.parameters())
    decoder = list(model.model.decoder.layers.parameters())
    still = {"weight_decay": 0.0}
    return torch.optim.AdamW(
        [
            {"params": decoder, "peak": run.rate},
            {"params": [target, model.final_logits_bias], "peak": run.rate, **still},
            {"params": encoder, "peak": run.rate * run.direction.encoder_share},
            {"params": [source], "peak": run.rate * run.direction.source_share, **still},
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


def _step(model: MarianMTModel, loss_of: SampledSoftmax, batch: Batch, *, whole: bool) -> Tensor:
    """Forward and backward: the loss."""
    model.train()
    model.model.encoder.eval()
    loss = _loss(model, loss_of, batch, whole=whole)
    loss.backward()
    return loss.detach()


def _loss(model: MarianMTModel, loss_of: SampledSoftmax, batch: Batch, *, whole: bool) -> Tensor:
    device = batch.source.device
    with torch.autocast(device.type, torch.bfloat16, enabled=_has_bfloat16(device)):
        states = model.model.encoder(batch.source, batch.source_mask).last_hidden_state
        hidden = model.model.decoder(
            input_ids=batch.inputs,
            encoder_hidden_states=states,
            encoder_attention_mask=batch.source_mask,
            use_cache=False,
        ).last_hidden_state
        return loss_of(
            hidden.flatten(0, 1)[batch.places],
            model.model.decoder.embed_tokens.weight,
            model.final_logits_bias[0],
            batch.labels,
            whole=whole,
        )


@torch.no_grad()
def held_out_loss(model: MarianMTModel, counts: Tensor, batches: Sequence[Batch]) -> float:
    """The mean loss a piece, smoothed as in training, of texts that are not trained on."""
    model.eval()
    device = model.final_logits_bias.device
    loss_of = SampledSoftmax(counts.to(device))
    summed, pieces = 0.0, 0
    for batch in batches:
        loss = _loss(model, loss_of, batch.to(device), whole=True)
        summed += float(loss) * len(batch.labels)
        pieces += len(batch.labels)
    return summed / pieces


def _has_bfloat16(device: torch.device) -> bool:
    """Without instructions for it a processor takes fifty times as long."""
    return device.type == "cuda" or torch.cpu._is_avx512_bf16_supported()


@torch.no_grad()
def hidden_states(model: MarianMTModel, batches: Sequence[Batch]) -> Tensor:
    """The decoder's outputs where the batches have their labels (pieces × width)."""
    model.eval()
    hidden = [
        model.model(
            input_ids=batch.source, attention_mask=batch.source_mask, decoder_input_ids=batch.inputs
        ).last_hidden_state.flatten(0, 1)[batch.places]
        for batch in batches
    ]
    return torch.cat(hidden)


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
    mean = hidden_states(model, batches).mean(0)
    for index in fixed[:-1].nonzero()[:, 0].tolist():
        piece = joint.id_to_piece(index)
        same = student.vocabulary.piece_to_id(piece)
        if student.vocabulary.id_to_piece(same) == piece:
            old = student.tensors["Wemb"][same]
            model.final_logits_bias[0, index] += (weight[index] - old) @ mean
            weight[index] = old
