"""Which models a process holds loaded: as many as its budget of memory has room for."""

import logging
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from math import prod
from pathlib import Path

from safetensors import SafetensorError, safe_open

from models.catalogue import Model
from models.engines.loading import engine_of, files_of, load_translator
from models.engines.translator import Translator
from models.errors import ModelUnavailable
from models.process_memory import give_back, resident_bytes

_MIB = 1024 * 1024

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Resident:
    """A loaded model, and what it costs in bytes."""

    translator: Translator
    cost: int


class Residency:
    """The models that this process has loaded; where one more has no room, the least recently used go.

    A model costs its weights, known from its files before it is loaded, or the growth of the process
    by loading it, if that is more: a large vocabulary can outweigh a small model. The memory of the
    batch that runs comes on top. For one thread; a translator serves until the next one is asked for.
    """

    def __init__(self, models_dir: Path, budget: int, pinned: Iterable[Model] = ()) -> None:
        """Room for `budget` bytes; what is converted is kept in `models_dir`.

        The `pinned` models, once loaded, are never let go.
        """
        self._models_dir = models_dir
        self._budget = budget
        self._pinned = frozenset(pinned)
        self._residents: OrderedDict[Model, _Resident] = OrderedDict()

    @property
    def loaded(self) -> list[Model]:
        """The models that are loaded, the least recently used first."""
        return list(self._residents)

    def translator(self, model: Model) -> Translator:
        """The model, ready to translate.

        Raises ModelUnavailable where it cannot be loaded, or has no room in the budget.
        """
        if model not in self._residents:
            self._residents[model] = self._load(model)
        self._residents.move_to_end(model)
        return self._residents[model].translator

    def preload(self, models: Iterable[Model]) -> None:
        """Load these now. One that cannot be loaded is logged: it fails its own jobs, and no others."""
        for model in models:
            try:
                self.translator(model)
            except ModelUnavailable as error:
                log.error("Not preloaded: %s", error.detail)

    def _load(self, model: Model) -> _Resident:
        files = files_of(model, self._models_dir)
        weights = weight_bytes(files)
        kept = sum(r.cost for m, r in self._residents.items() if m in self._pinned)
        if kept + weights > self._budget:
            beside = f" beside the pinned ones' {kept // _MIB}" if kept else ""
            raise ModelUnavailable(
                f"{model.id} needs {weights // _MIB} MiB{beside}, and there is room for "
                f"{self._budget // _MIB}: raise DRAGOMAN_MODELS_BYTES."
            )
        self._make_room(weights)
        engine_of(model)  # its libraries are no part of the model's cost
        before = resident_bytes()
        translator = load_translator(model, files)
        cost = max(weights, resident_bytes() - before)
        self._make_room(cost)
        log.info("%s takes %d MiB.", model.id, cost // _MIB)
        return _Resident(translator, cost)

    def _make_room(self, cost: int) -> None:
        """Let models go until there is room for `cost`, or only pinned ones are left."""
        for model in self.loaded:
            if sum(resident.cost for resident in self._residents.values()) + cost <= self._budget:
                return
            if model not in self._pinned:
                self._residents.pop(model).translator.close()
                give_back()
                log.info("%s was let go, for another's sake.", model.id)


def weight_bytes(folder: Path) -> int:
    """What the weights in the folder take once loaded: as they are stored for CTranslate2, else in
    float32. Raises ModelUnavailable where they cannot be read.
    """
    converted = folder / "model.bin"
    if converted.is_file():
        return converted.stat().st_size
    try:
        return sum(4 * _parameters(path) for path in sorted(folder.glob("*.safetensors")))
    except (OSError, SafetensorError) as error:
        raise ModelUnavailable(f"The weights in {folder} cannot be read: {error}") from error


def _parameters(path: Path) -> int:
    """How many numbers a safetensors file holds, by its header."""
    with safe_open(path, "numpy") as file:
        return sum(prod(file.get_slice(name).get_shape()) for name in file.keys())  # noqa: SIM118
