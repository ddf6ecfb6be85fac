"""Teach the decoder's self-attention to give what the student's recurrent unit gives.

Only the self-attention and its norm learn, by mean squared error on teacher-forced text, layer by
layer on the teacher's own input: no softmax, minutes instead of hours.
"""

import time
from collections.abc import Iterator

import torch
from torch import Tensor, nn
from transformers import MarianMTModel

from models.training.batches import Batch
from models.training.student import DECODER_LAYERS, Ssru, Student


def imitate(
    model: MarianMTModel, student: Student, batches: Iterator[Batch], seconds: float
) -> float:
    """Train for so many seconds; gives the share of the teacher's variance that is left, 0 to 1."""
    teachers = [Ssru(student, layer) for layer in range(DECODER_LAYERS)]
    layers = model.model.decoder.layers
    learned = [layer.self_attn for layer in layers] + [
        layer.self_attn_layer_norm for layer in layers
    ]
    parameters = [parameter for part in learned for parameter in part.parameters()]
    optimizer = torch.optim.AdamW(parameters, lr=2e-3, weight_decay=0.0, fused=True)
    model.eval()
    start, left = time.monotonic(), 1.0
    while (elapsed := time.monotonic() - start) < seconds:
        batch = next(batches)
        for group in optimizer.param_groups:
            group["lr"] = 2e-3 * max(0.03, 1 - elapsed / seconds)
        loss = _loss(model, teachers, batch)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        left = 0.98 * left + 0.02 * loss.item()
    return left


def _loss(model: MarianMTModel, teachers: list[Ssru], batch: Batch) -> Tensor:
    decoder = model.model.decoder
    with torch.no_grad():
        states = model.model.encoder(batch.source, batch.source_mask).last_hidden_state
        x = decoder.embed_tokens(batch.inputs) * decoder.embed_scale
        x = x + decoder.embed_positions(batch.inputs.shape)
        hidden = _additive(batch.source_mask[:, None, None, :])
    length = batch.inputs.shape[1]
    causal = _additive(torch.ones(length, length).tril()[None, None])
    real = batch.places
    losses = []
    for layer, teacher in zip(decoder.layers, teachers, strict=True):
        wished = teacher(x)
        given, _ = layer.self_attn(hidden_states=x, attention_mask=causal)
        given = layer.self_attn_layer_norm(x + given)
        given_there, wished_there = given.flatten(0, 1)[real], wished.flatten(0, 1)[real]
        losses.append(nn.functional.mse_loss(given_there, wished_there) / wished_there.var())
        with torch.no_grad():
            seen, _ = layer.encoder_attn(
                hidden_states=wished, key_value_states=states, attention_mask=hidden
            )
            seen = layer.encoder_attn_layer_norm(wished + seen)
            fed = layer.fc2(torch.relu(layer.fc1(seen)))
            x = layer.final_layer_norm(seen + fed)
    return torch.stack(losses).mean()


def _additive(mask: Tensor) -> Tensor:
    return torch.where(mask.bool(), 0.0, torch.finfo(torch.float32).min)
