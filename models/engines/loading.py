"""Load a model, with its files checked and the threads set before the first operation."""

import logging
import os
from collections.abc import Callable
from pathlib import Path

from models.catalogue import Model
from models.engines.device import Machine, settled
from models.engines.translator import Translator
from models.errors import ModelUnavailable
from models.hub.integrity import verify
from models.process_memory import share_one_heap

log = logging.getLogger(__name__)


def files_of(model: Model, models_dir: Path) -> Path:
    """The folder that the model's engine loads: checked, and converted into `models_dir` if need be.

    Raises ModelUnavailable where a file is missing or damaged, or cannot be converted.
    """
    if model.folder is None:
        raise ModelUnavailable(f"{model.id} has no folder: give one in the catalogue.")
    verify(model.folder, model.sha256)
    if model.engine != "ctranslate2":
        return model.folder
    model = on_this_machine(model)
    from models.engines.conversion import converted

    return converted(model, models_dir)


def on_this_machine(model: Model) -> Model:
    """The model with the device and the type that it computes on and in here; ModelUnavailable."""
    _set_threads()
    return settled(model, Machine.seen_by(model.engine))


def engine_of(model: Model) -> Callable[..., Translator]:
    """The class of the model's engine, with the libraries it needs: they stay when a model goes."""
    _set_threads()
    if model.engine == "ctranslate2":
        from models.engines.ct2 import CTranslate2Translator

        return CTranslate2Translator
    from models.engines.huggingface import HuggingFaceTranslator

    return HuggingFaceTranslator


def load_translator(model: Model, files: Path) -> Translator:
    """The model, ready to translate, from its `files_of`.

    Raises ModelUnavailable where the engine cannot load it.
    """
    folder = model.folder
    if folder is None:
        raise ModelUnavailable(f"{model.id} has no folder: give one in the catalogue.")
    model = on_this_machine(model)
    engine, threads = engine_of(model), _set_threads()
    from models.engines.tokenizer import Codec

    try:
        translator = engine(files, Codec(model, folder), model, threads=threads)
    except Exception as error:  # whatever a library makes of files it cannot read
        raise ModelUnavailable(f"{model.id} cannot be loaded: {error}") from error
    log.info(
        "Loaded %s on %s (%s, %s) with %d threads.",
        model.id,
        model.engine,
        model.device,
        model.compute_type,
        threads,
    )
    return translator


def _set_threads() -> int:
    """Tell OpenMP how many threads there are to be, and malloc that they share; the number.

    It reads this when torch or CTranslate2 is loaded: they are imported after this call, and only in
    functions. And a process forks before it loads either, or it hangs.
    """
    threads = available_cpus()
    os.environ.setdefault("OMP_NUM_THREADS", str(threads))
    # OpenMP's threads spin while they wait for each other. With another busy process on the same
    # cores a thread that is not running is spun for: measured 25 times slower; asleep costs 1.15 times.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    share_one_heap()
    return threads


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
