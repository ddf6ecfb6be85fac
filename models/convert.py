"""A model's folder to CTranslate2's form, once; the result is kept.

`python -m models.convert SOURCE TARGET QUANTIZATION` does the work. It is run as a process of its own,
for the converter needs torch, and the process that translates must not load it.
"""

import hashlib
import logging
import shutil
import subprocess
import sys
from pathlib import Path

import ctranslate2

from models.catalogue import Model
from models.errors import ModelUnavailable
from models.integrity import HASHES
from models.locks import exclusive

QUANTIZATIONS = {
    "int8": "int8",
    "int8_float16": "int8",
    "float16": "float16",
    "float32": "none",
}
"""How weights are stored, by the type that is computed in."""

log = logging.getLogger(__name__)


def converted(model: Model, models_dir: Path) -> Path:
    """The folder of the model for CTranslate2, made now if it is not there.

    It is kept in `models_dir` under a name that says from what and by which version it was made.
    Several processes may ask at once: one converts, the others wait. Raises ModelUnavailable.
    """
    if model.folder is None:
        raise ModelUnavailable(f"{model.id} has no folder: give one in the catalogue.")
    quantization = QUANTIZATIONS[model.compute_type]
    name = f"{model.id.replace('/', '--')}-{quantization}-{_fingerprint(model.folder)}"
    target = models_dir / "ctranslate2" / name
    if target.is_dir():
        return target
    try:
        with exclusive(target.parent / f"{name}.lock"):
            if not target.is_dir():
                _convert(model.folder, target, quantization)
    except OSError as error:
        raise ModelUnavailable(
            f"{model.id} cannot be converted: {target.parent}: {error.strerror}: "
            "set DRAGOMAN_MODELS_DIR to a folder that can be written."
        ) from error
    return target


def _convert(source: Path, target: Path, quantization: str) -> None:
    log.info("Converting %s for CTranslate2, once.", source)
    unfinished = target.with_suffix(".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    command = [sys.executable, "-m", "models.convert", str(source), str(unfinished), quantization]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or ["no reason given"]
        raise ModelUnavailable(f"{source} cannot be converted: {last[0]}")
    unfinished.rename(target)


def _fingerprint(folder: Path) -> str:
    """Changes with the folder's files, and with CTranslate2."""
    digest = hashlib.sha256(ctranslate2.__version__.encode())
    hashes = folder / HASHES
    if hashes.is_file():
        digest.update(hashes.read_bytes())
    else:
        for path in sorted(folder.iterdir()):
            about = path.stat()
            digest.update(f"{path.name} {about.st_size} {about.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:12]


def main() -> None:
    """Convert in this process."""
    from ctranslate2.converters import TransformersConverter

    source, target, quantization = sys.argv[1:]
    if not list(Path(source).glob("*.safetensors")):
        # transformers would fall back to pickled weights, which can run code.
        sys.exit("there are no weights in safetensors")
    TransformersConverter(source).convert(
        target, quantization=None if quantization == "none" else quantization
    )


if __name__ == "__main__":
    main()
