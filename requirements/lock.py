"""Write `run.txt` and `dev.txt`: what is installed here of what pyproject.toml needs, pinned, with hashes.

`python requirements/lock.py`, after a change to pyproject.toml and an installation. A resolver would
do, but for torch: its CPU build needs none of the CUDA packages that its metadata elsewhere names. The
hashes are those that the package index gives for a version's files; pip then takes no other file.
"""

import subprocess
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from uv import find_uv_bin

HERE = Path(__file__).parent
EXTRAS = {"run.txt": {""}, "dev.txt": {"", "dev", "benchmarks", "training"}}
ALONE = {"dragoman", "torch", "triton"}
"""Not listed: ourselves, and torch.txt's."""


def closure(name: str, extras: set[str], found: dict[str, str]) -> dict[str, str]:
    """The package's needs with these extras, theirs and so on, as `name: version`."""
    package = distribution(name)
    for line in package.requires or []:
        need = Requirement(line)
        wanted = need.marker is None or any(need.marker.evaluate({"extra": e}) for e in extras)
        key = canonicalize_name(need.name)
        if wanted and key not in ALONE and not key.startswith("nvidia-") and key not in found:
            found[key] = distribution(need.name).version
            closure(need.name, {"", *need.extras}, found)
        elif wanted and key == "torch":
            closure("torch", {""}, found)
    return found


for file, extras in EXTRAS.items():
    pins = closure("dragoman", extras, {})
    text = "".join(f"{name}=={version}\n" for name, version in sorted(pins.items()))
    options = ["--no-deps", "--generate-hashes", "--no-header", "--no-annotate", "--quiet"]
    command = [find_uv_bin(), "pip", "compile", "-", *options, "--output-file", HERE / file]
    subprocess.run(command, input=text, text=True, check=True)
