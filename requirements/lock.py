"""Write `run.txt`, `transformers.txt` and `dev.txt`: pyproject.toml's dependencies, pinned with hashes.

Run `python requirements/lock.py` after changing pyproject.toml and installing the change. It pins the
installed versions. A resolver would add the CUDA packages that torch's metadata names and its CPU build
does not need. The hashes come from the package index; pip then accepts no other file.
"""

import subprocess
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from uv import find_uv_bin

HERE = Path(__file__).parent
EXTRAS = {
    "run.txt": {""},
    "transformers.txt": {"", "transformers"},
    "dev.txt": {"", "transformers", "dev", "benchmarks", "training"},
}
ALONE = {"dragoman", "torch", "triton"}
"""Not listed: this package, and what torch.txt installs."""


def closure(name: str, extras: set[str], found: dict[str, str]) -> dict[str, str]:
    """The package's dependencies with these extras, transitively, as `name: version`."""
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
