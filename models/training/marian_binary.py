"""Read the weights of a Marian model from its binary format.

The layout (Marian's `src/common/binary.cpp`): a version and a count; for each tensor the lengths of
its name, shape and data and its type; then all names, all shapes, a padding, and the data back to back.
"""

import struct
from pathlib import Path

import numpy as np
import numpy.typing as npt

_FLOAT32 = 0x0404
_INTGEMM8 = 0x4101

Tensors = dict[str, npt.NDArray[np.float32]]


def read(path: Path) -> Tensors:
    """All numeric tensors of the file as float32, by Marian's names, matrices as (rows, columns).

    Quantised matrices are multiplied out; those that Marian keeps transposed are turned back. Raises
    ValueError for a file of another version or with a type of tensor that is not known here.
    """
    data = path.read_bytes()
    version, count = struct.unpack_from("<2Q", data, 0)
    if version != 1:
        raise ValueError(f"{path} is of version {version} of Marian's format; only 1 is known.")
    offset = 16
    headers = [struct.unpack_from("<4Q", data, offset + 32 * index) for index in range(count)]
    offset += 32 * count
    names = []
    for name_length, *_ in headers:
        names.append(data[offset : offset + name_length - 1].decode())
        offset += name_length
    shapes = []
    for _, _, shape_length, _ in headers:
        shapes.append(struct.unpack_from(f"<{shape_length}i", data, offset))
        offset += 4 * shape_length
    (padding,) = struct.unpack_from("<Q", data, offset)
    offset += 8 + padding
    tensors = {}
    for name, shape, (_, kind, _, length) in zip(names, shapes, headers, strict=True):
        raw = data[offset : offset + length]
        offset += length
        if not name.startswith("special:"):
            tensors[name] = _tensor(name, shape, kind, raw)
    return tensors


def _tensor(name: str, shape: tuple[int, ...], kind: int, raw: bytes) -> npt.NDArray[np.float32]:
    size = int(np.prod(shape))
    if kind == _FLOAT32:
        return np.frombuffer(raw, np.float32, size).reshape(shape).copy()
    if kind != _INTGEMM8:
        raise ValueError(f"The tensor {name} has the type {kind:#x}, which is not known here.")
    (multiplier,) = struct.unpack_from("<f", raw, size)
    values = np.frombuffer(raw, np.int8, size).astype(np.float32) / np.float32(multiplier)
    if "_W" in name:  # intgemm keeps the right-hand matrices of products transposed
        return values.reshape(shape[1], shape[0]).T.copy()
    return values.reshape(shape)
