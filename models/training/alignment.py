"""Vectors for Spanish pieces, from Portuguese to Spanish by word alignment.

Portuguese and Spanish lines run nearly parallel, so IBM model 1 (Brown et al. 1993) over pieces
with a prior along the diagonal (as in Dyer et al. 2013) finds for each Spanish piece the Portuguese
ones that stand in its place; its vector is their weighted mean.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from sentencepiece import SentencePieceProcessor

from models.training.vocabulary import WORD

Vectors = npt.NDArray[np.float32]

ROUNDS = 5
NEVER = -1e4
"""The bias of `<pad>`, which is never written."""
LONGEST = 60
"""Longer lines, in pieces, are left out: the table of links grows with the square."""
_BAND = 0.2
_SHARPNESS = 8.0


def links(
    ours: Sequence[Sequence[int]], theirs: Sequence[Sequence[int]], least: float = 0.03
) -> dict[int, dict[int, float]]:
    """For each of our pieces, the share with which each of theirs stands for it, if over `least`.

    Both are the same lines as ids of pieces.
    """
    keys, priors, places = [], [], []
    place = 0
    for our, their in zip(ours, theirs, strict=True):
        if not our or not their or max(len(our), len(their)) > LONGEST:
            continue
        rows = (np.arange(len(our)) + 0.5) / len(our)
        columns = (np.arange(len(their)) + 0.5) / len(their)
        distance = np.abs(rows[:, None] - columns[None])
        row, column = np.nonzero(distance < max(_BAND, 1.5 / len(their)))
        keys.append(np.asarray(our, np.int64)[row] << 20 | np.asarray(their, np.int64)[column])
        priors.append(np.exp(-_SHARPNESS * distance[row, column]).astype(np.float32))
        places.append(row.astype(np.int32) + place)
        place += len(our)
    prior, position = np.concatenate(priors), np.concatenate(places)
    pairs, pair = np.unique(np.concatenate(keys), return_inverse=True)
    our_piece, their_piece = pairs >> 20, pairs & (1 << 20) - 1
    table = np.ones(len(pairs))
    for _ in range(ROUNDS):
        weight = table[pair] * prior
        weight /= np.bincount(position, weight, place)[position]
        count = np.bincount(pair, weight, len(pairs))
        table = count / np.bincount(their_piece, count)[their_piece]
    share = count / np.bincount(our_piece, count)[our_piece]
    found: dict[int, dict[int, float]] = {}
    for index in np.nonzero(share > least)[0]:
        found.setdefault(int(our_piece[index]), {})[int(their_piece[index])] = float(share[index])
    return found


def vectors(
    joint: SentencePieceProcessor,
    old: SentencePieceProcessor,
    old_vectors: Vectors,
    old_bias: Vectors,
    aligned: dict[int, dict[int, float]],
) -> tuple[Vectors, Vectors, Vectors, Vectors]:
    """Vectors and output biases of the side that stays, then of the side that turns Spanish.

    Each has a row at the end for `<pad>`: zeros, and a bias with which it is never written. On the
    side that stays an old piece keeps its vector and a new one is the mean of its old pieces. On
    the Spanish side an old piece keeps its vector too where it has a capital or a digit, is a part
    of a word, or mostly stands for itself; the others come from their alignment.
    """
    size = joint.get_piece_size()
    stays = np.zeros((size + 1, old_vectors.shape[1]), np.float32)
    turns = np.zeros_like(stays)
    stays_bias = np.full(size + 1, old_bias.min(), np.float32)
    turns_bias = stays_bias.copy()
    stays_bias[-1] = turns_bias[-1] = NEVER
    for index in range(size):
        piece = joint.id_to_piece(index)
        same = old.piece_to_id(piece)
        is_old = old.id_to_piece(same) == piece
        own = [same] if is_old else _spelling(old, piece)
        stays[index] = old_vectors[own].mean(0)
        if is_old:
            stays_bias[index] = old_bias[same]
        shares = aligned.get(index, {})
        if (is_old and (is_copied(piece) or shares.get(same, 0) >= 0.5)) or not shares:
            shares = dict.fromkeys(own, 1.0)
        theirs = np.fromiter(shares, np.int64)
        weights = np.fromiter(shares.values(), np.float32)
        weights /= weights.sum()
        mean = weights @ old_vectors[theirs]
        norm = weights @ np.linalg.norm(old_vectors[theirs], axis=1)
        turns[index] = mean * (norm / max(float(np.linalg.norm(mean)), 1e-6))
        turns_bias[index] = weights @ old_bias[theirs]
    return stays, stays_bias, turns, turns_bias


def _spelling(old: SentencePieceProcessor, piece: str) -> list[int]:
    ids = old.encode(piece.replace(WORD, " "))
    return ids or [old.unk_id()]


def is_copied(piece: str) -> bool:
    """Whether the piece is one that names and numbers are made of: not a word in lower case."""
    word = piece.removeprefix(WORD)
    return not piece.startswith(WORD) or not word.isalpha() or not word.islower()
