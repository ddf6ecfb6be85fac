"""Load a model once a process, on its first use, with the threads set before the first operation."""

import logging
import os
from functools import cache
from pathlib import Path

from models.catalogue import Model
from models.engine import Translator
from models.errors import ModelUnavailable
from models.integrity import verify

log = logging.getLogger(__name__)


@cache
def load_translator(model: Model, models_dir: Path) -> Translator:
    """The model, ready to translate; the same object for the life of the process.

    What has to be converted for it is kept in `models_dir`.
    Raises ModelUnavailable where a file is missing or damaged, or the engine cannot load it.
    """
    if model.folder is None:
        raise ModelUnavailable(f"{model.id} has no folder: give one in the catalogue.")
    verify(model.folder)
    threads = available_cpus()
    os.environ.setdefault("OMP_NUM_THREADS", str(threads))
    # OpenMP's threads spin while they wait for each other. With another busy process on the same
    # cores a thread that is not running is spun for: measured 25 times slower; asleep costs 1.15 times.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    # Both are read when torch or CTranslate2 is loaded: here and not above. And a process forks
    # before it loads either, or it hangs.
    from models.codec import Codec

    translator: Translator
    try:
        codec = Codec(model, model.folder)
        if model.engine == "ctranslate2":
            from models.convert import converted
            from models.engines.ct2 import CTranslate2Translator

            translator = CTranslate2Translator(
                converted(model, models_dir), codec, model, threads=threads
            )
        else:
            from models.engines.huggingface import HuggingFaceTranslator

            translator = HuggingFaceTranslator(model.folder, codec, model, threads=threads)
    except ModelUnavailable:
        raise
    except Exception as error:  # whatever a library makes of files it cannot read
        raise ModelUnavailable(f"{model.id} cannot be loaded: {error}") from error
    log.info("Loaded %s on %s with %d threads.", model.id, model.engine, threads)
    return translator


def available_cpus(quota: Path = Path("/sys/fs/cgroup/cpu.max")) -> int:
    """The CPUs this process really has: its affinity, or its cgroup's quota if that is less."""
    cpus = len(os.sched_getaffinity(0))
    try:
        limit, period = quota.read_text(encoding="ascii").split()
    except (OSError, ValueError):
        return cpus
    if limit == "max":
        return cpus
    return max(1, min(cpus, int(limit) // int(period)))
