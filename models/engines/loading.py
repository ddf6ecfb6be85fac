"""Load a model: check its files, choose its device, and set the number of threads beforehand."""

import logging
import os
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from models.catalogue import Model
from models.engines.device import Hardware, select_device
from models.engines.reranking import RerankingTranslator
from models.engines.translator import Translator
from models.errors import ModelUnavailable
from models.hub.integrity import verify
from models.process_memory import use_one_heap

log = logging.getLogger(__name__)


def prepare_files(model: Model, models_dir: Path) -> Path | None:
    """Return the folder that the model's engine loads, after checking the files' hashes.

    None for a model on a server. A model for CTranslate2 is converted into `models_dir` unless it already is,
    or its folder has one in that format. Raises ModelUnavailable if a file is missing or damaged, if a
    library is not installed, or if the model cannot be converted.
    """
    if model.engine == "openai":
        return None
    folder = _folder(model)
    _check_libraries(model)
    verify(folder, model.sha256)
    if model.engine != "ctranslate2" or (folder / "model.bin").is_file():
        return folder
    model = select_local_device(model)
    from models.engines.conversion import ensure_converted

    return ensure_converted(model, models_dir)


def select_local_device(model: Model) -> Model:
    """Return the model with a device and a compute type of this machine in place of `auto`.

    Raises ModelUnavailable if the requested device or type does not exist here.
    """
    _set_threads()
    return select_device(model, Hardware.detect(model.engine))


def engine_class(model: Model) -> Callable[..., Translator]:
    """Return the class of the model's engine, importing its libraries."""
    if model.engine == "openai":
        from models.engines.openai import OpenAITranslator

        return OpenAITranslator
    if model.engine == "firefox":
        from models.engines.firefox import FirefoxTranslator

        return FirefoxTranslator
    _set_threads()
    if model.engine == "ctranslate2":
        from models.engines.ct2 import CTranslate2Translator

        return CTranslate2Translator
    if model.family == "causal":
        from models.engines.causal import CausalTranslator

        return CausalTranslator
    from models.engines.huggingface import HuggingFaceTranslator

    return HuggingFaceTranslator


def load_translator(model: Model, files: Path | None) -> Translator:
    """Load a model from the folder that `prepare_files` returned.

    Raises ModelUnavailable if the engine cannot load it.
    """
    try:
        if model.engine == "openai":
            return engine_class(model)(model)
        if model.engine == "firefox":
            return engine_class(model)(files, model)
        translator = _load(select_local_device(model), files)
    except ModelUnavailable:
        raise
    except Exception as error:  # libraries raise errors of many kinds for files they cannot read
        raise ModelUnavailable(f"{model.id} cannot be loaded: {error}") from error
    return RerankingTranslator(translator, model.rerank) if model.rerank else translator


def _check_libraries(model: Model) -> None:
    """Raise ModelUnavailable for a model that needs libraries which are not installed."""
    has_own_tokenizer = model.family == "marian" or model.engine == "firefox"
    if model.engine != "transformers" and has_own_tokenizer:
        return
    if not all(map(find_spec, ("torch", "transformers"))):
        raise ModelUnavailable(
            f"{model.id} needs torch and transformers: install Dragoman with its extra `transformers`."
        )


def _load(model: Model, files: Path | None) -> Translator:
    """Load a model of this process; `model` has its device and compute type."""
    engine, threads = engine_class(model), _set_threads()
    if model.family == "causal":
        translator = engine(files, model, threads=threads)
    else:
        from models.engines.tokenizer import ModelTokenizer

        translator = engine(files, ModelTokenizer(model, _folder(model)), model, threads=threads)
    log.info(
        "Loaded %s on %s (%s, %s) with %d threads.",
        model.id,
        model.engine,
        model.device,
        model.compute_type,
        threads,
    )
    return translator


def _folder(model: Model) -> Path:
    if model.folder is None:
        raise ModelUnavailable(f"{model.id} has no folder: give one in the catalogue.")
    return model.folder


def _set_threads() -> int:
    """Set the number of OpenMP's threads and let them share one heap; return the number.

    OpenMP reads its settings when torch or CTranslate2 is imported, so both are imported after this call,
    inside functions. A process must also fork before it imports either, or it hangs.
    """
    threads = available_cpus()
    os.environ.setdefault("OMP_NUM_THREADS", str(threads))
    # By default OpenMP's threads spin while waiting for each other. With another busy process on the same
    # cores this was measured to be 25 times slower; waiting passively costs a factor of 1.15.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    use_one_heap()
    return threads


def available_cpus(quota: Path = Path("/sys/fs/cgroup/cpu.max")) -> int:
    """Return the number of CPUs this process may use: its affinity, or its cgroup's quota if lower."""
    cpus = len(os.sched_getaffinity(0))
    try:
        limit, period = quota.read_text(encoding="ascii").split()
    except (OSError, ValueError):
        return cpus
    if limit == "max":
        return cpus
    return max(1, min(cpus, int(limit) // int(period)))
