"""The models that a process keeps loaded within its memory budget."""

import logging
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from math import prod
from pathlib import Path

from safetensors import SafetensorError, safe_open

from models.catalogue import ComputeType, Model
from models.engines.loading import engine_class, load_translator, prepare_files
from models.engines.translator import Translator
from models.errors import ModelUnavailable
from models.process_memory import release_free_memory, resident_bytes

_MIB = 1024 * 1024

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Resident:
    """A loaded model and its memory in bytes."""

    translator: Translator
    cost: int


class Residency:
    """The loaded models of a process; the least recently used are unloaded to make room for another.

    The memory of a model is the size of its weights, known from its files before loading, or the growth
    of the process by loading it if that is larger: a large vocabulary can exceed a small model. The
    memory of running batches is not included. Not thread-safe; a translator may be used until the next
    one is requested.
    """

    def __init__(self, models_dir: Path, budget: int, pinned: Iterable[Model] = ()) -> None:
        """Allow `budget` bytes for models; converted models are kept in `models_dir`.

        The `pinned` models are never unloaded.
        """
        self._models_dir = models_dir
        self._budget = budget
        self._pinned = frozenset(pinned)
        self._residents: OrderedDict[Model, _Resident] = OrderedDict()

    @property
    def loaded(self) -> list[Model]:
        """The loaded models, least recently used first."""
        return list(self._residents)

    def translator(self, model: Model) -> Translator:
        """Return the model's translator, loading it if necessary.

        Raises ModelUnavailable if it cannot be loaded or exceeds the budget.
        """
        if model not in self._residents:
            self._residents[model] = self._load(model)
        self._residents.move_to_end(model)
        return self._residents[model].translator

    def preload(self, models: Iterable[Model]) -> None:
        """Load these models now; log those that cannot be loaded: only their own jobs will fail."""
        for model in models:
            try:
                self.translator(model)
            except ModelUnavailable as error:
                log.error("Cannot preload a model: %s", error.detail)

    def _load(self, model: Model) -> _Resident:
        files = prepare_files(model, self._models_dir)
        weights = (
            weight_bytes(files, model.compute_type) if files else 0
        )  # a server has its own memory
        pinned = sum(r.cost for m, r in self._residents.items() if m in self._pinned)
        if pinned + weights > self._budget:
            beside = f" in addition to {pinned // _MIB} MiB of pinned models" if pinned else ""
            raise ModelUnavailable(
                f"{model.id} needs {weights // _MIB} MiB{beside}; the budget is "
                f"{self._budget // _MIB} MiB: raise DRAGOMAN_MODELS_BYTES."
            )
        self._make_room(weights)
        engine_class(model)  # import its libraries first: they are not part of the model's memory
        before = resident_bytes()
        translator = load_translator(model, files)
        cost = max(weights, resident_bytes() - before)
        self._make_room(cost)
        log.info("Model %s uses %d MiB.", model.id, cost // _MIB)
        return _Resident(translator, cost)

    def _make_room(self, cost: int) -> None:
        """Unload models until `cost` bytes fit into the budget, or only pinned models are left."""
        for model in self.loaded:
            if sum(resident.cost for resident in self._residents.values()) + cost <= self._budget:
                return
            if model not in self._pinned:
                self._residents.pop(model).translator.close()
                release_free_memory()
                log.info("Unloaded %s to make room for another model.", model.id)


def weight_bytes(folder: Path, compute_type: ComputeType = "float32") -> int:
    """Return the size of a folder's weights once loaded: as stored for CTranslate2, else in this type.

    `auto` counts as float32. Raises ModelUnavailable if they cannot be read.
    """
    converted = folder / "model.bin"
    if converted.is_file():
        return converted.stat().st_size
    if models := list(folder.glob("model.*.bin")):  # Firefox's
        return sum(path.stat().st_size for path in models)
    try:
        size = 2 if compute_type in {"float16", "bfloat16"} else 4
        return sum(size * _parameters(path) for path in sorted(folder.glob("*.safetensors")))
    except (OSError, SafetensorError) as error:
        raise ModelUnavailable(f"The weights in {folder} cannot be read: {error}") from error


def _parameters(path: Path) -> int:
    """Return the number of parameters in a safetensors file, from its header."""
    with safe_open(path, "numpy") as file:
        return sum(prod(file.get_slice(name).get_shape()) for name in file.keys())  # noqa: SIM118
