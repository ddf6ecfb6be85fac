"""The catalogue: all models that Dragoman knows, and which of them can be used now.

Importing this module does not import torch.
"""

from collections.abc import Collection, Iterator, Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from models.errors import (
    LicenceRefused,
    ModelNotReady,
    ModelRefused,
    ServerRefused,
    UnknownModel,
)
from models.hub.pins import Pin, Pins
from models.language_codes import FAMILY_CODES

Task = Literal["translate", "summarize"]
Family = Annotated[
    Literal["marian", "m2m100", "nllb", "mbart50", "t5", "bart", "pegasus", "causal", "extractive"],
    BeforeValidator(lambda name: _T5_ALIASES.get(name, name) if isinstance(name, str) else name),
]
_T5_ALIASES = {"mt5": "t5", "madlad": "t5"}
"""Models whose tokens and decoding are those of T5."""
Engine = Literal["ctranslate2", "transformers", "openai", "firefox", "extractive"]
ComputeType = Literal["auto", "int8", "int8_float16", "float16", "bfloat16", "float32"]
Style = Literal[
    "instruct",
    "translategemma",
    "hy-mt",
    "salamandra",
    "tower",
    "gemmax2",
    "seed-x",
]
"""How a language model is asked; `models.engines.prompts` has what each says."""
Language = Annotated[str, Field(pattern=r"^[a-z]{2,8}$")]
"""The primary subtag of a BCP-47 tag; models do not distinguish regions."""
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Device = Annotated[str, Field(pattern=r"^(auto|cpu|cuda(:\d+)?)$")]

FAMILIES: Mapping[Task, frozenset[Family]] = {
    "translate": frozenset({"marian", "m2m100", "nllb", "mbart50", "t5", "causal"}),
    "summarize": frozenset({"bart", "pegasus", "t5", "causal", "extractive"}),
}
"""The families that can do each task."""


class CatalogueTable(BaseModel):
    """A table of a catalogue file; an unknown field is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


MAX_CONTEXT = 5
"""The maximum number of sentences before a text that a language model is told."""


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
        description="`ctranslate2` by default; `transformers` is the reference engine, and the default of "
        "language models; `openai` is a language model on a server, `firefox` runs Firefox's models.",
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
    url: str | None = Field(
        None,
        pattern=r"^https?://[^\s?#@]+$",
        description="The base URL of a server with OpenAI's API, such as `http://127.0.0.1:8080/v1`.",
    )
    served_name: str | None = Field(
        None, description="The model's name on that server; its id if not given."
    )
    key_file: Path | None = Field(
        None, description="The file with that server's API key, an absolute path once loaded."
    )
    concurrency: int = Field(
        8, ge=1, le=256, description="Maximum of requests that the server is sent at a time."
    )
    timeout_seconds: float = Field(
        60, gt=0, le=120, description="Maximum time that the server may take for one answer."
    )
    patience_seconds: float = Field(
        120,
        ge=0,
        le=120,
        description="How long a request is repeated while the server is busy, away or failing; with the time "
        "of an answer below the time after which a job counts as stalled.",
    )
    request_fields: Mapping[str, Any] = Field(
        default_factory=dict,
        description="Further fields of every request to that server, such as "
        "`{chat_template_kwargs = {enable_thinking = false}}`.",
    )
    style: Style | None = Field(
        None, description="How a language model is asked; `instruct` by default."
    )
    guide: str = Field(
        "",
        max_length=2000,
        description="The newsroom's style, in sentences that a language model is told with each text; for "
        "the style `instruct`.",
    )
    context_sentences: int = Field(
        0,
        ge=0,
        le=MAX_CONTEXT,
        description="How many sentences before a text a language model is told; for the style `instruct`.",
    )
    pickled: Mapping[str, Sha256] = Field(
        default_factory=dict,
        description="Files with pickled weights and their hashes, for a repository without safetensors; "
        "they are converted when fetched. Written by `dragoman models add`.",
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

    @property
    def has_beam(self) -> bool:
        """Whether it can search for several hypotheses of a text."""
        return self.family not in {"causal", "extractive"} and self.engine != "firefox"

    @property
    def host(self) -> str | None:
        """The host of its server; None if it runs on this machine, in a process or as a server."""
        host = urlsplit(self.url).hostname if self.url else None
        return None if host is None or _is_loopback(host) else host

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
        if self.engine not in _ENGINES.get(self.family, _SEQ2SEQ_ENGINES):
            raise ValueError(f"the engine {self.engine!r} does not run the family {self.family!r}")
        if self.style is not None and self.family != "causal":
            raise ValueError("`style` is for the family `causal`")
        is_instructed = self.family == "causal" and self.style in {None, "instruct"}
        if (self.guide or self.context_sentences) and not is_instructed:
            raise ValueError("`guide` and `context_sentences` are for the style `instruct`")
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
        if (self.engine == "openai") != (self.url is not None):
            raise ValueError('`engine = "openai"` and the `url` of a server belong together')
        places = (self.folder, self.repo, self.url)
        if self.family != "extractive" and sum(place is not None for place in places) != 1:
            raise ValueError("give either `folder` or `repo`, where its files are, or `url`")
        return self


_SEQ2SEQ_ENGINES: frozenset[Engine] = frozenset({"ctranslate2", "transformers"})
_ENGINES: Mapping[Family, frozenset[Engine]] = {
    "causal": frozenset({"transformers", "openai"}),
    "marian": _SEQ2SEQ_ENGINES | {"firefox"},
    "extractive": frozenset({"extractive"}),
}
"""The engines that run a family, where they are not those of sequence-to-sequence models."""


def _default_engine(family: Family | None) -> Engine:
    if family == "causal":
        return "transformers"
    return "extractive" if family == "extractive" else "ctranslate2"


def _is_loopback(host: str) -> bool:
    """Whether a host is this machine, without asking a name server."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


class Catalogue:
    """All models by id, in order of preference."""

    def __init__(
        self,
        models: Mapping[str, Model],
        models_dir: Path | None = None,
        *,
        allow_noncommercial: bool = False,
        hosts: Collection[str] = (),
    ) -> None:
        """Create a catalogue of these models by id; models of the hub are kept in `models_dir`.

        `hosts` are those, besides this machine, whose servers may be sent texts.
        """
        self._entries = dict(models)
        self._models_dir = models_dir
        self._pins = Pins(models_dir) if models_dir else None
        self._last_pins: Mapping[str, Pin] | None = None
        self._located = self._entries
        self._allow_noncommercial = allow_noncommercial
        self._hosts = frozenset(host.lower() for host in hosts)

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
        if model.host is not None and model.host not in self._hosts:
            return ServerRefused(
                f"{model.id} would send texts to {model.host}, which the settings do not allow.",
                fix=f"add {model.host} to DRAGOMAN_MODEL_HOSTS",
            )
        if model.url is not None:
            return None
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
