"""Convert pickled weights to safetensors, in a process of its own.

`python -m models.hub.pickled TARGET FILE...` reads with `torch.load(weights_only=True)`, whose unpickler
makes tensors and plain containers and calls nothing else. Should it have a flaw, the process has no network,
where the kernel lets it give that up, and no environment.
"""

import ctypes
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from models.errors import FetchFailed

_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000
"""CLONE_NEWUSER and CLONE_NEWNET of unshare(2): a network without interfaces."""


def convert_pickled(folder: Path, names: Sequence[str], target: str) -> Path:
    """Convert the folder's pickled files to one in safetensors, delete them, and return it.

    Raises FetchFailed if they hold anything but weights.
    """
    path = folder / target
    done = subprocess.run(
        [sys.executable, "-m", "models.hub.pickled", str(path), *(str(folder / n) for n in names)],
        env={"PATH": os.environ.get("PATH", ""), "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or ["no reason given"]
        raise FetchFailed(
            f"{', '.join(names)} cannot be read as weights alone: {last[0][:300]} "
            "The model is not used: look for one with safetensors."
        )
    for name in names:
        (folder / name).unlink()
    return path


def _convert(target: Path, files: Sequence[Path]) -> None:
    import torch
    from safetensors.torch import save_file

    weights: dict[str, torch.Tensor] = {}
    for path in files:
        loaded = torch.load(path, map_location="cpu", weights_only=True)
        for name, value in loaded.items():
            if not isinstance(value, torch.Tensor):
                raise TypeError(f"{name} is not a tensor.")
            weights[name] = value.clone().contiguous()  # tied weights share memory
    unfinished = target.with_suffix(".unfinished")
    save_file(weights, unfinished, {"format": "pt"})
    unfinished.rename(target)


def _leave_the_network() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_NEW_NETWORK):
        libc.unshare(_NEW_USER | _NEW_NETWORK)


if __name__ == "__main__":
    _leave_the_network()
    _convert(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]])
