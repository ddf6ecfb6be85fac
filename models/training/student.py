"""The student: a Firefox Translations "tiny" model, read and turned into a `MarianMTModel`.

Its encoder, cross-attention and feed-forward layers carry over as they are. Its decoder has a simpler
simple recurrent unit (SSRU, Kim et al. 2019) where transformers and CTranslate2 know self-attention
only: `Ssru` keeps it as the teacher of `imitation`.
"""

from dataclasses import dataclass
from pathlib import Path

import torch
from sentencepiece import SentencePieceProcessor
from torch import Tensor, nn
from transformers import MarianConfig, MarianMTModel

from models.training import marian_binary

WIDTH = 256
ENCODER_LAYERS = 6
DECODER_LAYERS = 2


@dataclass(frozen=True, slots=True)
class Student:
    """The weights by Marian's names, and the joint vocabulary of both of its languages."""

    tensors: dict[str, Tensor]
    vocabulary: SentencePieceProcessor
    vocabulary_file: Path

    @classmethod
    def read(cls, folder: Path) -> "Student":
        """Read the one `model.*.bin` and the one `vocab.*.spm` of a folder (ValueError if not one)."""
        (weights,) = folder.glob("model.*.bin")
        (vocabulary,) = folder.glob("vocab.*.spm")
        tensors = marian_binary.read(weights)
        return cls(
            {name: torch.from_numpy(tensor) for name, tensor in tensors.items()},
            SentencePieceProcessor(model_file=str(vocabulary)),
            vocabulary,
        )


def config(vocabulary_size: int, decoder_layers: int = DECODER_LAYERS) -> MarianConfig:
    """The student's architecture with self-attention and two matrices; `<pad>` is the last id.

    CTranslate2's converter drops the last row of a Marian's vocabulary, taking it for `<pad>`.
    """
    pad = vocabulary_size - 1
    return MarianConfig(
        vocab_size=vocabulary_size,
        decoder_vocab_size=vocabulary_size,
        share_encoder_decoder_embeddings=False,
        d_model=WIDTH,
        encoder_layers=ENCODER_LAYERS,
        decoder_layers=decoder_layers,
        encoder_attention_heads=8,
        decoder_attention_heads=8,
        encoder_ffn_dim=1536,
        decoder_ffn_dim=1536,
        activation_function="relu",
        max_position_embeddings=512,
        scale_embedding=True,
        dropout=0.1,
        attention_dropout=0.0,
        activation_dropout=0.0,
        pad_token_id=pad,
        decoder_start_token_id=pad,
        eos_token_id=0,
        forced_eos_token_id=0,
    )


def warm_start(
    student: Student, source_vectors: Tensor, target_vectors: Tensor, output_bias: Tensor
) -> MarianMTModel:
    """A model with the student's weights, and the given matrices (vocabulary × WIDTH, `<pad>` last).

    The decoder's self-attention starts as a mean of what the recurrent unit would take in: its
    values are the unit's, its output is the identity. `imitation` trains it from there.
    """
    model = MarianMTModel(config(len(source_vectors)))
    state = model.state_dict()
    t = student.tensors
    for side, count in (("encoder", ENCODER_LAYERS), ("decoder", DECODER_LAYERS)):
        for index in range(count):
            theirs, ours = f"{side}_l{index + 1}", f"model.{side}.layers.{index}"
            if side == "encoder":
                _attention(state, t, f"{theirs}_self", f"{ours}.self_attn")
            else:
                _attention(state, t, f"{theirs}_context", f"{ours}.encoder_attn")
                _norm(state, t, f"{theirs}_rnn_ffn_ln", f"{ours}.self_attn_layer_norm")
                state[f"{ours}.self_attn.v_proj.weight"] = t[f"{theirs}_rnn_W"].T
                state[f"{ours}.self_attn.out_proj.weight"] = torch.eye(WIDTH)
                for part in ("q_proj", "k_proj", "v_proj", "out_proj"):
                    state[f"{ours}.self_attn.{part}.bias"] = torch.zeros(WIDTH)
            for part, number in (("fc1", 1), ("fc2", 2)):
                state[f"{ours}.{part}.weight"] = t[f"{theirs}_ffn_W{number}"].T
                state[f"{ours}.{part}.bias"] = t[f"{theirs}_ffn_b{number}"].flatten()
            _norm(state, t, f"{theirs}_ffn_ffn_ln", f"{ours}.final_layer_norm")
    state["model.encoder.embed_tokens.weight"] = source_vectors
    state["model.decoder.embed_tokens.weight"] = target_vectors
    state["lm_head.weight"] = target_vectors
    state["final_logits_bias"] = output_bias[None]
    model.load_state_dict({name: tensor.contiguous() for name, tensor in state.items()})
    model.tie_weights()
    return model


@torch.no_grad()
def deepen(model: MarianMTModel, layers: int, hidden: Tensor) -> MarianMTModel:
    """The model with so many decoder layers, of which the new ones do nothing yet.

    They have the weights of the old ones but those that write into the stream, which are zero, and
    norms that give back what comes in: x with the mean and the deviation that it has, as measured
    on the decoder's outputs `hidden` (pieces × WIDTH).
    """
    old = len(model.model.decoder.layers)
    deeper = MarianMTModel(config(model.config.vocab_size, layers))
    state = model.state_dict()
    mean, deviation = hidden.mean(), hidden.std(1, correction=0).mean()
    for index in range(old, layers):
        for name, tensor in model.model.decoder.layers[index % old].state_dict().items():
            part, kind = name.rsplit(".", 1)
            if part.endswith("layer_norm"):
                tensor = torch.full_like(tensor, deviation if kind == "weight" else mean)
            elif part.endswith("out_proj") or part == "fc2":
                tensor = torch.zeros_like(tensor)
            state[f"model.decoder.layers.{index}.{name}"] = tensor
    deeper.load_state_dict(state)
    deeper.tie_weights()
    return deeper


def _attention(state: dict[str, Tensor], t: dict[str, Tensor], theirs: str, ours: str) -> None:
    for part, letter in (("q_proj", "q"), ("k_proj", "k"), ("v_proj", "v"), ("out_proj", "o")):
        state[f"{ours}.{part}.weight"] = t[f"{theirs}_W{letter}"].T
        state[f"{ours}.{part}.bias"] = t[f"{theirs}_b{letter}"].flatten()
    _norm(state, t, f"{theirs}_Wo_ln", f"{ours}_layer_norm")


def _norm(state: dict[str, Tensor], t: dict[str, Tensor], theirs: str, ours: str) -> None:
    state[f"{ours}.weight"] = t[f"{theirs}_scale"].flatten()
    state[f"{ours}.bias"] = t[f"{theirs}_bias"].flatten()


class Ssru(nn.Module):
    """The recurrent sublayer of one decoder layer, as the student has it, without gradients.

    f = σ(xWf + bf); c = f·c' + (1 - f)·xW; h = norm(x + relu(c)).
    """

    def __init__(self, student: Student, layer: int) -> None:
        """`layer` counts from 0."""
        super().__init__()
        prefix = f"decoder_l{layer + 1}_rnn"
        self.w_x = student.tensors[f"{prefix}_W"]
        self.w_f = student.tensors[f"{prefix}_Wf"]
        self.b_f = student.tensors[f"{prefix}_bf"]
        self.scale = student.tensors[f"{prefix}_ffn_ln_scale"]
        self.shift = student.tensors[f"{prefix}_ffn_ln_bias"]

    @torch.no_grad()
    def forward(self, x: Tensor) -> Tensor:
        """(sentences, positions, WIDTH) → the same shape."""
        forget = torch.sigmoid(x @ self.w_f + self.b_f)
        taken = (1 - forget) * (x @ self.w_x)
        cell = torch.zeros_like(x[:, 0])
        cells = []
        for position in range(x.shape[1]):
            cell = forget[:, position] * cell + taken[:, position]
            cells.append(cell)
        summed = x + torch.relu(torch.stack(cells, 1))
        return nn.functional.layer_norm(summed, (WIDTH,), self.scale[0], self.shift[0], 1e-6)
