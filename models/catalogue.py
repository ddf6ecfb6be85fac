"""The catalogue: all models that Dragoman knows, and which of them can be used now.

Importing this module does not import torch.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from models.errors import LicenceRefused, ModelNotReady, ModelRefused, UnknownModel
from models.hub.pins import Pin, Pins
from models.language_codes import FAMILY_CODES

Task = Literal["translate", "summarize"]
Family = Annotated[
    Literal["marian", "m2m100", "nllb", "mbart50", "t5", "bart", "pegasus", "extractive"],
    BeforeValidator(lambda name: _T5_ALIASES.get(name, name) if isinstance(name, str) else name),
]
_T5_ALIASES = {"mt5": "t5", "madlad": "t5"}
"""Models whose tokens and decoding are those of T5."""
Engine = Literal["ctranslate2", "transformers", "extractive"]
ComputeType = Literal["auto", "int8", "int8_float16", "float16", "float32"]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,8}$")]
"""The primary subtag of a BCP-47 tag; models do not distinguish regions."""
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Device = Annotated[str, Field(pattern=r"^(auto|cpu|cuda(:\d+)?)$")]

FAMILIES: Mapping[Task, frozenset[Family]] = {
    "translate": frozenset({"marian", "m2m100", "nllb", "mbart50", "t5"}),
    "summarize": frozenset({"bart", "pegasus", "t5", "extractive"}),
}
"""The families that can do each task."""


class CatalogueTable(BaseModel):
    """A table of a catalogue file; an unknown field is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class MeasuredQuality(CatalogueTable):
    """The measured quality of a model for one language pair."""

    source: str
    target: str
    test: str = Field(description="The test set, and who measured it.")
    bleu: float | None = Field(None, ge=0, le=100, description="sacreBLEU.")
    chrf: float | None = Field(None, ge=0, le=100, description="chrF2, from 0 to 100.")


class Model(CatalogueTable):
    """One entry of the catalogue."""

    id: str
    task: Task
    family: Family
    engine: Engine = Field(
        default_factory=lambda data: _default_engine(data.get("family")),
        description="`ctranslate2` by default; `transformers` is the reference engine.",
    )
    device: Device = Field(
        "auto", description="The device to compute on; `auto` takes it from the settings."
    )
    compute_type: ComputeType = Field(
        "auto",
        description="The type to compute in; `auto` takes it from the settings, else by device.",
    )
    source: tuple[Language, ...] = ()
    target: tuple[Language, ...] = ()
    folder: Path | None = Field(
        None, description="The folder with its files, an absolute path once loaded."
    )
    repo: str | None = Field(
        None,
        pattern=r"^[\w.-]+/[\w.-]+$",
        description="Its repository on the hub, instead of a folder.",
    )
    revision: str | None = Field(
        None,
        pattern=r"^[0-9a-f]{40}$",
        description="The full commit to fetch; if missing, `dragoman models pin` sets it.",
    )
    branch: str = Field(
        "main", description="The branch whose newest commit `dragoman models pin` takes."
    )
    sha256: Mapping[str, Sha256] = Field(
        default_factory=dict,
        description="The SHA-256 hashes of its files by name, checked when fetched.",
    )
    licence: str
    commercial: bool = Field(description="Whether its licence allows commercial use.")
    prefix: str = Field(
        "", description="Text before every source; `{source}` and `{target}` are language codes."
    )
    codes: Mapping[str, str] = Field(
        default_factory=dict,
        description="Its own language codes, where they differ from its family's.",
    )
    beams: int = Field(1, ge=1, le=16, description="Beam size; 1 decodes greedily.")
    no_repeat_ngram: int = Field(
        0,
        ge=0,
        le=10,
        description="Never repeat this many tokens in a target; 0 allows repetition.",
    )
    length_penalty: float = Field(
        1.0,
        ge=0,
        le=10,
        description="Above 1 beam search prefers longer targets, below 1 shorter ones.",
    )
    rerank: float = Field(
        0.0,
        ge=0,
        le=1,
        description="Weight of the target's language model when the hypotheses of a beam are ranked; 0 "
        "ranks by the model's own score.",
    )
    min_target_tokens: int = Field(0, ge=0, description="Minimum length of a target.")
    max_target_tokens: int | None = Field(
        None, ge=16, description="Maximum length of a target; depends on the source if not given."
    )
    max_source_tokens: int | None = Field(
        None,
        ge=16,
        description="Longer sentences are split; for a model trained on shorter input than it accepts.",
    )
    alignment_layer: int | None = Field(
        None,
        ge=0,
        description="Decoder layer, from 0, whose attention aligns words; the last but one by default.",
    )
    quality: tuple[MeasuredQuality, ...] = Field((), description="Its measured quality by pair.")

    def __hash__(self) -> int:
        return hash(self.id)

    def quality_for(self, source: str, target: str) -> MeasuredQuality | None:
        """Return the measured quality from source to target; None if it was not measured."""
        return next((q for q in self.quality if (q.source, q.target) == (source, target)), None)

    def language_code(self, language: str) -> str:
        """Return the model's code of a language: its own, else its family's, else the language."""
        if language in self.codes:
            return self.codes[language]
        return FAMILY_CODES.get(self.family, {}).get(language, language)

    @model_validator(mode="after")
    def _check_consistency(self) -> Self:
        if self.family not in FAMILIES[self.task]:
            families = ", ".join(sorted(FAMILIES[self.task]))
            raise ValueError(
                f"the family {self.family!r} cannot {self.task}: use one of {families}"
            )
        if (self.family == "extractive") != (self.engine == "extractive"):
            raise ValueError(f"the engine {self.engine!r} does not run the family {self.family!r}")
        if self.task == "translate" and not (self.source and self.target):
            raise ValueError("a translation model needs `source` and `target`")
        known = FAMILY_CODES.get(self.family)
        if known is not None:
            unknown = {*self.source, *self.target} - self.codes.keys() - known.keys()
            if unknown:
                raise ValueError(
                    f"{self.family} has no code for {min(unknown)}: give it in `codes`"
                )
        try:
            self.prefix.format(source="", target="")
        except (LookupError, ValueError) as error:
            raise ValueError(
                "`prefix` may contain {source} and {target}, and no other braces"
            ) from error
        if self.max_target_tokens is not None and self.min_target_tokens > self.max_target_tokens:
            raise ValueError("`min_target_tokens` is above `max_target_tokens`")
        if self.family != "extractive" and (self.folder is None) == (self.repo is None):
            raise ValueError("give either `folder` or `repo`, where its files are")
        return self


def _default_engine(family: Family | None) -> Engine:
    return "extractive" if family == "extractive" else "ctranslate2"


class Catalogue:
    """All models by id, in order of preference."""

    def __init__(
        self,
        models: Mapping[str, Model],
        models_dir: Path | None = None,
        *,
        allow_noncommercial: bool = False,
    ) -> None:
        """Create a catalogue of these models by id; models of the hub are kept in `models_dir`."""
        self._entries = dict(models)
        self._models_dir = models_dir
        self._pins = Pins(models_dir) if models_dir else None
        self._last_pins: Mapping[str, Pin] | None = None
        self._located = self._entries
        self._allow_noncommercial = allow_noncommercial

    @property
    def models(self) -> list[Model]:
        """All models, whether they can be used now or not."""
        return list(self._models.values())

    @property
    def _models(self) -> dict[str, Model]:
        """The entries with their current pins and folders."""
        if self._models_dir is not None and self._pins is not None:
            pins = self._pins.current()
            if pins is not self._last_pins:
                self._last_pins = pins
                self._located = {
                    key: _locate(model, pins.get(key), self._models_dir)
                    for key, model in self._entries.items()
                }
        return self._located

    def available(self, task: Task) -> Iterator[Model]:
        """Yield the models that can do the task now, in order of preference.

        The file system is examined for each model as it is reached, so a model can be used as soon as
        it has been fetched.
        """
        return (m for m in self.models if m.task == task and self.refusal(m) is None)

    def refusal(self, model: Model) -> ModelRefused | None:
        """Return why the model cannot be used now, with the fix; None if it can be used."""
        if not (model.commercial or self._allow_noncommercial):
            return LicenceRefused(
                f"The licence of {model.id} ({model.licence}) forbids commercial use.",
                fix="DRAGOMAN_ALLOW_NONCOMMERCIAL=true",
            )
        if model.family == "extractive" or (model.folder is not None and model.folder.is_dir()):
            return None
        if model.repo is None:
            reason, fix = "Its folder does not exist.", f"check {model.folder}"
        elif model.folder is None:
            reason, fix = "It has no revision yet.", f"dragoman models pin {model.id}"
        else:
            reason, fix = "It has not been fetched.", f"dragoman models fetch {model.id}"
        return ModelNotReady(f"{model.id} is not on this machine. {reason}", fix=fix)

    def entry(self, model_id: str) -> Model:
        """Return the model with this id, whether it can be used now or not; raise UnknownModel."""
        model = self._models.get(model_id)
        if model is None:
            ids = list(self._models)
            raise UnknownModel(f"No model {model_id!r}. Models: {', '.join(ids)}.", models=ids)
        return model

    def get(self, model_id: str, task: Task) -> Model:
        """Return the model with this id if it can do the task now.

        Raises UnknownModel, which lists the models that can, ModelNotReady or LicenceRefused.
        """
        model = self._models.get(model_id)
        if model is None or model.task != task:
            ids = [model.id for model in self.available(task)]
            raise UnknownModel(
                f"No model {model_id!r} for this task. Models: {', '.join(ids)}.", models=ids
            )
        if refusal := self.refusal(model):
            raise refusal
        return model

    def summarizer(self, model_id: str | None) -> Model:
        """Return the summary model with this id, by default the first; raises what `get` raises."""
        if model_id is not None:
            return self.get(model_id, "summarize")
        return next(self.available("summarize"))


def _locate(model: Model, pin: Pin | None, models_dir: Path) -> Model:
    """Return a model of the hub with its pinned commit and its folder."""
    repo = model.repo
    if repo is None:
        return model
    if pin is not None and pin.repo == repo:
        model = model.model_copy(update={"revision": pin.revision, "sha256": pin.sha256})
    if model.revision is None:
        return model
    name = f"{repo.replace('/', '--')}@{model.revision[:12]}"
    return model.model_copy(update={"folder": models_dir / "hub" / name})
