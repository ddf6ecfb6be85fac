"""Which models there are, and which of them can be used now; never imports torch."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from models.errors import LicenceRefused, ModelNotReady, ModelRefused, UnknownModel
from models.hub.pins import Pin, Pins
from models.language_codes import CODES

Task = Literal["translate", "summarize"]
Family = Annotated[
    Literal["marian", "m2m100", "nllb", "mbart50", "t5", "bart", "pegasus", "extractive"],
    BeforeValidator(lambda name: _T5S.get(name, name) if isinstance(name, str) else name),
]
_T5S = {"mt5": "t5", "madlad": "t5"}
"""T5s by other names: as far as tokens and decoding go they are the same family."""
Engine = Literal["ctranslate2", "transformers", "extractive"]
ComputeType = Literal["auto", "int8", "int8_float16", "float16", "float32"]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,8}$")]
"""The primary subtag of a BCP-47 tag: no model tells regions apart."""
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Device = Annotated[str, Field(pattern=r"^(auto|cpu|cuda(:\d+)?)$")]

FAMILIES: Mapping[Task, frozenset[Family]] = {
    "translate": frozenset({"marian", "m2m100", "nllb", "mbart50", "t5"}),
    "summarize": frozenset({"bart", "pegasus", "t5", "extractive"}),
}
"""The families that do a task."""


class Entry(BaseModel):
    """What the tables of a catalogue have in common: a field that is not known is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class MeasuredQuality(Entry):
    """What a model was measured at, on which test set."""

    source: str
    target: str
    test: str = Field(description="The test set, and who measured.")
    bleu: float | None = Field(None, ge=0, le=100, description="sacreBLEU.")
    chrf: float | None = Field(None, ge=0, le=100, description="chrF2, from 0 to 100.")


class Model(Entry):
    """One entry of the catalogue."""

    id: str
    task: Task
    family: Family
    engine: Engine = Field(
        default_factory=lambda data: _usual_engine(data.get("family")),
        description="CTranslate2, which runs every family; transformers is the reference.",
    )
    device: Device = Field("auto", description="Where it computes; the settings' if `auto`.")
    compute_type: ComputeType = Field(
        "auto",
        description="What it computes in; the settings' if `auto`, else what suits the device.",
    )
    source: tuple[Language, ...] = ()
    target: tuple[Language, ...] = ()
    folder: Path | None = Field(None, description="Where its files are, absolute once loaded.")
    repo: str | None = Field(
        None,
        pattern=r"^[\w.-]+/[\w.-]+$",
        description="The model's name on the hub, instead of a folder.",
    )
    revision: str | None = Field(
        None,
        pattern=r"^[0-9a-f]{40}$",
        description="The commit that is fetched, in full; left out, `dragoman models pin` finds it.",
    )
    branch: str = Field(
        "main", description="What `dragoman models pin` takes the newest commit of."
    )
    sha256: Mapping[str, Sha256] = Field(
        default_factory=dict, description="The hashes of its files, by name; checked when fetched."
    )
    licence: str
    commercial: bool = Field(description="Whether its licence allows commercial use.")
    prefix: str = Field(
        "", description="Before every source; `{source}` and `{target}` are the languages' codes."
    )
    codes: Mapping[str, str] = Field(
        default_factory=dict,
        description="The model's own codes of languages, where they are not its family's.",
    )
    beams: int = Field(1, ge=1, le=16)
    no_repeat_ngram: int = Field(
        0, ge=0, le=10, description="No run of so many tokens twice in a target; 0 allows it."
    )
    length_penalty: float = Field(
        1.0, ge=0, le=10, description="Above 1 beams prefer longer targets, below 1 shorter ones."
    )
    min_target_tokens: int = Field(0, ge=0, description="A target has so many tokens at least.")
    max_target_tokens: int | None = Field(
        None, ge=16, description="And so many at most; the family's rule if not given."
    )
    max_source_tokens: int | None = Field(
        None,
        ge=16,
        description="Split longer sentences; for a model that was trained on less than its positions.",
    )
    alignment_layer: int | None = Field(
        None,
        ge=0,
        description="The decoder's layer whose attention tells which words belong together, from 0; the "
        "last but one if not given. Tags inside of sentences follow it.",
    )
    quality: tuple[MeasuredQuality, ...] = Field((), description="What it was measured at.")

    def __hash__(self) -> int:
        return hash(self.id)

    def measured(self, source: str, target: str) -> MeasuredQuality | None:
        """What it was measured at from source to target, if it was."""
        same = (q for q in self.quality if (q.source, q.target) == (source, target))
        return next(same, None)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.family not in FAMILIES[self.task]:
            there = ", ".join(sorted(FAMILIES[self.task]))
            raise ValueError(f"the family {self.family!r} does not {self.task}: there is {there}")
        if (self.family == "extractive") != (self.engine == "extractive"):
            raise ValueError(f"the engine {self.engine!r} does not run {self.family}")
        if self.task == "translate" and not (self.source and self.target):
            raise ValueError("a translation model needs `source` and `target`")
        table = CODES.get(self.family)
        strange = {*self.source, *self.target} - self.codes.keys() - (table or {}).keys()
        if table is not None and strange:
            raise ValueError(f"{self.family} has no code for {min(strange)}: give it in `codes`")
        try:
            self.prefix.format(source="", target="")
        except (LookupError, ValueError) as error:
            raise ValueError(
                "`prefix` may have {source} and {target} in it, no other braces"
            ) from error
        if self.max_target_tokens is not None and self.min_target_tokens > self.max_target_tokens:
            raise ValueError("`min_target_tokens` is above `max_target_tokens`")
        places = [self.folder is not None, self.repo is not None]
        if self.family != "extractive" and sum(places) != 1:
            raise ValueError("give either `folder` or `repo`: where its files are")
        return self


def _usual_engine(family: Family | None) -> Engine:
    return "extractive" if family == "extractive" else "ctranslate2"


class Catalogue:
    """The models by id, in the order in which they are preferred."""

    def __init__(
        self,
        models: Mapping[str, Model],
        models_dir: Path | None = None,
        *,
        allow_noncommercial: bool = False,
    ) -> None:
        """`models` maps each id to its entry; those of the hub have their folders in `models_dir`."""
        self._entries = dict(models)
        self._models_dir = models_dir
        self._pins = Pins(models_dir) if models_dir else None
        self._pinned: Mapping[str, Pin] | None = None
        self._placed = self._entries
        self._allow_noncommercial = allow_noncommercial

    @property
    def models(self) -> list[Model]:
        """All models, those that cannot be used now too."""
        return list(self._models.values())

    @property
    def _models(self) -> dict[str, Model]:
        """The entries with their pins and folders, as they are now."""
        if self._models_dir is not None and self._pins is not None:
            pins = self._pins.current()
            if pins is not self._pinned:
                self._pinned = pins
                self._placed = {
                    key: _placed(model, pins.get(key), self._models_dir)
                    for key, model in self._entries.items()
                }
        return self._placed

    def available(self, task: Task) -> Iterator[Model]:
        """The models that can do the task now, the preferred first.

        Each is looked for in the file system as it is asked for: what is fetched counts at once.
        """
        return (m for m in self.models if m.task == task and self.refusal(m) is None)

    def refusal(self, model: Model) -> ModelRefused | None:
        """The reason why the model cannot be used now, and the fix; None if it can be used."""
        if not (model.commercial or self._allow_noncommercial):
            return LicenceRefused(
                f"The licence of {model.id} ({model.licence}) forbids commercial use.",
                fix="DRAGOMAN_ALLOW_NONCOMMERCIAL=true",
            )
        if model.family == "extractive" or (model.folder is not None and model.folder.is_dir()):
            return None
        if model.repo is None:
            reason, fix = "The folder is not there.", f"check {model.folder}"
        elif model.folder is None:
            reason, fix = "It has no revision yet.", f"dragoman models pin {model.id}"
        else:
            reason, fix = "It was not fetched.", f"dragoman models fetch {model.id}"
        return ModelNotReady(f"{model.id} is not on this machine. {reason}", fix=fix)

    def entry(self, model_id: str) -> Model:
        """The model of this id, whether it can be used now or not; UnknownModel."""
        model = self._models.get(model_id)
        if model is None:
            ids = list(self._models)
            raise UnknownModel(f"No model {model_id!r}; there is {', '.join(ids)}.", models=ids)
        return model

    def get(self, model_id: str, task: Task) -> Model:
        """The model of this id for this task, which can be used now.

        Raises UnknownModel, which says which there are, ModelNotReady or LicenceRefused.
        """
        model = self._models.get(model_id)
        if model is None or model.task != task:
            ids = [model.id for model in self.available(task)]
            raise UnknownModel(
                f"No model {model_id!r} for this task; there is {', '.join(ids)}.", models=ids
            )
        if refusal := self.refusal(model):
            raise refusal
        return model

    def summarizer(self, model_id: str | None) -> Model:
        """The summary model of this id, or the first there is; raises as `get` does."""
        if model_id is not None:
            return self.get(model_id, "summarize")
        return next(self.available("summarize"))


def _placed(model: Model, pin: Pin | None, models_dir: Path) -> Model:
    """A model of the hub with its pin and its folder."""
    repo = model.repo
    if repo is None:
        return model
    if pin is not None and pin.repo == repo:
        model = model.model_copy(update={"revision": pin.revision, "sha256": pin.sha256})
    if model.revision is None:
        return model
    name = f"{repo.replace('/', '--')}@{model.revision[:12]}"
    return model.model_copy(update={"folder": models_dir / "hub" / name})
