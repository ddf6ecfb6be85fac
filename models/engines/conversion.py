"""Convert models for CTranslate2 and keep the result.

A separate process converts: `models.engines.marian_converter`, or for other families
`models.engines.ct2_converter`, which needs torch. A process that translates must not import it.
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
from models.file_lock import exclusive_lock
from models.hub.integrity import HASHES_FILE

QUANTIZATIONS = {
    "int8": "int8",
    "int8_float16": "int8",
    "float16": "float16",
    "bfloat16": "bfloat16",
    "float32": "float32",
}
"""The type in which weights are stored, by compute type."""

log = logging.getLogger(__name__)


def ensure_converted(model: Model, models_dir: Path) -> Path:
    """Return the model's folder for CTranslate2, converting the model if it has not been.

    The folder's name in `models_dir` depends on the model's files, the compute type and the converter's
    version. If several processes call this at once, one converts and the others wait. Raises
    ModelUnavailable if the model cannot be converted.
    """
    if model.folder is None:
        raise ModelUnavailable(f"{model.id} has no folder: give one in the catalogue.")
    quantization = QUANTIZATIONS[model.compute_type]
    name = f"{model.id.replace('/', '--')}-{quantization}-{_fingerprint(model, model.folder)}"
    target = models_dir / "ctranslate2" / name
    if target.is_dir():
        return target
    try:
        with exclusive_lock(target.parent / f"{name}.lock"):
            if not target.is_dir():
                _convert(model, model.folder, target, quantization)
    except OSError as error:
        raise ModelUnavailable(
            f"{model.id} cannot be converted: {target.parent}: {error.strerror}: "
            "set DRAGOMAN_MODELS_DIR to a writable folder."
        ) from error
    return target


def _convert(model: Model, source: Path, target: Path, quantization: str) -> None:
    if not list(source.glob("*.safetensors")):
        # Pickled weights are never read: they can execute code.
        raise ModelUnavailable(
            f"{source} cannot be converted: the folder has no weights in safetensors."
        )
    log.info("Converting %s for CTranslate2; the result is kept.", source)
    unfinished = target.with_suffix(".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    command = [sys.executable, "-m", f"models.engines.{_converter(model)}"]
    if model.family != "marian":
        command.append(model.family)
    command += [str(source), str(unfinished), quantization]
    if model.alignment_layer is not None:
        command.append(str(model.alignment_layer))
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or ["no reason given"]
        raise ModelUnavailable(f"{source} cannot be converted: {last[0]}")
    unfinished.rename(target)


def _converter(model: Model) -> str:
    return "marian_converter" if model.family == "marian" else "ct2_converter"


def _fingerprint(model: Model, folder: Path) -> str:
    """Return a value that changes with the folder's files, the alignment layer and the converter."""
    digest = hashlib.sha256(ctranslate2.__version__.encode())
    for module in (_converter(model), "ct2_writing"):
        digest.update(Path(__file__).with_name(f"{module}.py").read_bytes())
    digest.update(str(model.alignment_layer).encode())
    hashes = folder / HASHES_FILE
    if hashes.is_file():
        digest.update(hashes.read_bytes())
    else:
        for path in sorted(folder.iterdir()):
            about = path.stat()
            digest.update(f"{path.name} {about.st_size} {about.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:12]
