"""Which models there are. Reads the catalogue; never imports torch."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from models.errors import CatalogueError, UnknownModel

CONVERTIBLE = ("marian", "nllb")
"""The families that CTranslate2 runs as transformers does. Its converter (4.8.5) does not find M2M-100's
language codes with transformers 5, nor all it needs of mBART's configuration, and scales T5 otherwise."""
BUILT_IN = Path(__file__).with_name("catalogue.toml")

Task = Literal["translate", "summarize"]
Family = Literal["marian", "m2m100", "nllb", "mbart50", "t5", "bart", "pegasus", "extractive"]
Engine = Literal["ctranslate2", "transformers", "extractive"]
ComputeType = Literal["auto", "int8", "int8_float16", "float16", "float32"]

FAMILIES: Mapping[Task, frozenset[Family]] = {
    "translate": frozenset({"marian", "m2m100", "nllb", "mbart50", "t5"}),
    "summarize": frozenset({"bart", "pegasus", "t5", "extractive"}),
}
"""The families that do a task."""


class Entry(BaseModel):
    """What the tables of a catalogue have in common: a field that is not known is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Quality(Entry):
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
        description="CTranslate2 where it runs the family, else transformers.",
    )
    compute_type: ComputeType = Field(
        "auto", description="What CTranslate2 computes in; `auto` is the fastest of its device."
    )
    source: tuple[str, ...] = ()
    target: tuple[str, ...] = ()
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
    sha256: Mapping[str, str] = Field(
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
    quality: tuple[Quality, ...] = Field((), description="What it was measured at.")

    def __hash__(self) -> int:
        return hash(self.id)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.family not in FAMILIES[self.task]:
            there = ", ".join(sorted(FAMILIES[self.task]))
            raise ValueError(f"the family {self.family!r} does not {self.task}: there is {there}")
        if (self.family == "extractive") != (self.engine == "extractive"):
            raise ValueError(f"the engine {self.engine!r} does not run {self.family}")
        if self.engine == "ctranslate2" and self.family not in CONVERTIBLE:
            raise ValueError(
                f'CTranslate2 does not run {self.family}: write engine = "transformers"'
            )
        if self.task == "translate" and not (self.source and self.target):
            raise ValueError("a translation model needs `source` and `target`")
        places = [self.folder is not None, self.repo is not None]
        if self.family != "extractive" and sum(places) != 1:
            raise ValueError("give either `folder` or `repo`: where its files are")
        return self


def _usual_engine(family: Family | None) -> Engine:
    if family == "extractive":
        return "extractive"
    return "ctranslate2" if family in CONVERTIBLE else "transformers"


class Catalogue:
    """The models by id, in the order of their files."""

    def __init__(self, models: Mapping[str, Model]) -> None:
        """`models` maps each id to its entry."""
        self._models = dict(models)

    @property
    def models(self) -> list[Model]:
        """All models."""
        return list(self._models.values())

    def get(self, model_id: str, task: str) -> Model:
        """The model of this id for this task; UnknownModel says which there are."""
        model = self._models.get(model_id)
        if model is None or model.task != task:
            ids = [model.id for model in self.models if model.task == task]
            raise UnknownModel(
                f"No model {model_id!r} for this task; there is {', '.join(ids)}.", models=ids
            )
        return model

    def summarizer(self, model_id: str | None) -> Model:
        """The summary model of this id, or the first there is; UnknownModel."""
        if model_id is not None:
            return self.get(model_id, "summarize")
        return next(model for model in self.models if model.task == "summarize")


def load_catalogue(extra: Path | None) -> Catalogue:
    """The built-in catalogue, and the user's own merged over it.

    Raises CatalogueError, which names the file, the entry and what is wrong with it.
    """
    models = _read(BUILT_IN)
    if extra is not None:
        models |= _read(extra)
    return Catalogue(models)


def _read(path: Path) -> dict[str, Model]:
    try:
        with path.open("rb") as file:
            entries = tomllib.load(file)
    except OSError as error:
        raise CatalogueError(f"{path}: {error.strerror}: check DRAGOMAN_CATALOGUE.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogueError(f"{path} is not TOML: {error}") from error
    return {model_id: _entry(path, model_id, entry) for model_id, entry in entries.items()}


def _entry(path: Path, model_id: str, entry: Any) -> Model:
    if not isinstance(entry, dict):
        raise CatalogueError(f'{path}: {model_id} is not a table: write ["{model_id}"] above it.')
    try:
        model = Model.model_validate({**entry, "id": model_id})
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        message = first["msg"].removeprefix("Value error, ")
        raise CatalogueError(
            f'{path}: ["{model_id}"]{" " + where if where else ""}: {message}'
        ) from error
    if model.folder is not None:
        model = model.model_copy(update={"folder": (path.parent / model.folder).resolve()})
    return model
