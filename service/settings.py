"""All settings, typed, with the reasons of their defaults. Only this module reads the environment.

The setting `name` is read from the variable `DRAGOMAN_NAME`.
"""

import re
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from models.catalogue import Catalogue, ComputeType, Device
from models.catalogue_files import load_catalogue
from models.errors import WrongSetting
from pipeline.requests import Effort, HeadlineStyle, OnFlag, QuoteStyle

Network = IPv4Network | IPv6Network


def _listed(value: object) -> object:
    """Split a list that is written in one variable: `10.1.0.0/16, 10.2.0.0/16`."""
    return (
        [part for part in re.split(r"[\s,]+", value) if part] if isinstance(value, str) else value
    )


ModelIds = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)]
"""Ids of models, separated by commas."""


class Settings(BaseSettings):
    """The settings of the front, the workers and the courier; all read the same ones."""

    model_config = SettingsConfigDict(env_prefix="DRAGOMAN_", env_ignore_empty=True, frozen=True)

    redis_url: str = Field(
        "redis://127.0.0.1:6379/0",
        description="URL of the queue and the job records: Redis 7 or newer, or Valkey.",
    )
    host: str = Field("127.0.0.1", description="Address that the front listens on.")
    port: int = Field(
        8000, ge=0, le=65535, description="Port that the front listens on; 0 takes a free one."
    )

    require_keys: bool | None = Field(
        None,
        description="Whether requests need an API key; by default they do unless `host` is a loopback "
        "address.",
    )

    allowed_hosts: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)] = Field(
        (),
        description="Host names that the front answers for, separated by commas, besides IP addresses "
        "and `localhost`; by default any if keys are required, else none.",
    )
    cors_origins: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)] = Field(
        (),
        description="Origins of web pages that may call the API (CORS), separated by commas.",
    )
    max_connections: int = Field(
        500,
        gt=0,
        description="Maximum of connections to the front; at the maximum the one that has waited "
        "longest for a request is closed.",
    )
    request_seconds: float = Field(
        20.0,
        gt=0,
        description="Maximum time for the header of a request to arrive, and for its body to begin.",
    )
    max_body_bytes: int = Field(
        1024 * 1024,
        gt=0,
        description="Maximum size of a request body. A long article has 60 kB; 1 MiB is a book.",
    )
    max_document_bytes: int = Field(
        8 * 1024 * 1024,
        gt=0,
        description="The maximum size of a document; the images in an office file count as well.",
    )
    max_wait_seconds: int = Field(
        60,
        ge=0,
        description="Maximum of `Prefer: wait`; below the usual idle time-outs of proxies.",
    )
    keepalive_seconds: float = Field(
        10.0,
        gt=0,
        description="Maximum silence of an event stream, and the longest delay of an event that was "
        "missed.",
    )

    queued_characters: int = Field(
        2_000_000,
        gt=0,
        description="Maximum characters of unfinished interactive jobs: some minutes of work for two "
        "cores.",
    )
    queued_batch_characters: int = Field(
        50_000_000,
        gt=0,
        description="Maximum characters of unfinished batch jobs: some hours of work, and about 200 "
        "MB of Redis.",
    )
    idempotency_seconds: int = Field(
        24 * 3600,
        gt=0,
        description="How long an `Idempotency-Key` returns the job it was first used for.",
    )
    duplicate_seconds: int = Field(
        60,
        ge=0,
        description="How long an identical request without a key returns the same job; 0 turns this "
        "off.",
    )
    webhook_allow: Annotated[tuple[Network, ...], NoDecode, BeforeValidator(_listed)] = Field(
        (),
        description="Networks that webhooks may call although they are not public, separated by "
        "commas.",
    )
    webhook_seconds: int = Field(
        15,
        gt=0,
        description="Maximum time of one webhook attempt, from name resolution to the answer.",
    )

    page_allow: Annotated[tuple[Network, ...], NoDecode, BeforeValidator(_listed)] = Field(
        (),
        description="Networks that pages (`url`) may be fetched from although they are not public, "
        "separated by commas.",
    )
    page_bytes: int = Field(
        4 * 1024 * 1024,
        gt=0,
        description="Maximum size of a fetched page; the pages of newspapers have 0.1 to 1 MB.",
    )
    page_seconds: float = Field(
        15.0,
        gt=0,
        description="Maximum time to fetch a page, with redirects; the same again to read it.",
    )
    page_robots: bool = Field(
        True, description="Whether a page is fetched only if `robots.txt` of its site allows it."
    )

    session_seconds: int = Field(
        12 * 3600,
        gt=0,
        description="How long a browser stays signed in to the desk: a working day.",
    )
    retention_seconds: int = Field(
        7 * 24 * 3600,
        gt=0,
        description="How long a job and its result are kept after the job has ended.",
    )
    lease_seconds: int = Field(
        10,
        gt=0,
        description="How long a job stays with a worker that is not heard of; a working one renews it "
        "in time.",
    )
    stall_seconds: int = Field(
        300,
        gt=0,
        description="Maximum time of a job without progress; longer than one engine batch, or loading "
        "a model.",
    )
    stuck_seconds: int = Field(
        30,
        gt=0,
        description="How long an idle worker may receive no message while some wait, before it exits.",
    )
    max_attempts: int = Field(
        3,
        gt=0,
        description="Attempts before a job whose worker died is failed.",
    )
    job_seconds: int = Field(
        1800,
        gt=0,
        description="Maximum run time of a job, after which its process is killed: 1 MiB on one slow "
        "core.",
    )
    max_result_bytes: int = Field(
        32 * 1024 * 1024,
        gt=0,
        description="Maximum size of a result; that of 1 MiB of text has about 8 MiB.",
    )
    visibility_seconds: int = Field(
        3600,
        gt=0,
        description="When Redis delivers an unacknowledged message again; longer than `job_seconds`.",
    )

    batches_dir: Annotated[Path, AfterValidator(Path.expanduser)] = Field(
        Path("~/.local/state/dragoman/batches"),
        validate_default=True,
        description="Folder of the front's batches, on a local disk: the results of 50,000 articles "
        "would fill Redis.",
    )
    database_url: str = Field(
        "sqlite:///~/.local/state/dragoman/dragoman.db",
        description="Where stories and the translation memory are kept: an SQLite file on a local disk, or "
        "`postgresql://…` where several fronts share them.",
    )
    memory_threshold: float = Field(
        0.75,
        gt=0,
        le=1,
        description="Minimum similarity, from 0 to 1, of a sentence of the memory that is suggested: "
        "below it, translating anew is faster than correcting.",
    )
    max_glossary_terms: int = Field(
        20_000,
        gt=0,
        description="Maximum terms of a glossary: they are kept in the front's memory while it is used.",
    )
    stories_seconds: int | None = Field(
        None,
        gt=0,
        description="How long a story is kept after its last change; by default for good.",
    )
    memory_seconds: int | None = Field(
        None, gt=0, description="The same for a unit of the translation memory."
    )
    api_key: SecretStr | None = Field(
        None, description="API key that `dragoman batch run --server` sends."
    )
    batch_lines: int = Field(
        100_000, gt=0, description="Maximum lines of a batch: an archive, or a year of stories."
    )
    batch_bytes: int = Field(
        512 * 1024 * 1024,
        gt=0,
        description="Maximum size of an uncompressed batch: 100,000 articles.",
    )
    max_batches: int = Field(
        200,
        gt=0,
        description="Maximum of unfinished batches; the feeder reads each of them at every step.",
    )
    max_client_batches: int = Field(
        50, gt=0, description="Maximum of unfinished batches of one client."
    )
    chunk_characters: int = Field(
        48_000,
        gt=0,
        description="Characters of a batch that a worker is given at a time: few enough that clients "
        "take turns within seconds, enough that sentences of similar length are decoded "
        "together (24,000 were 4 % slower).",
    )
    chunks_waiting: int = Field(
        4,
        gt=0,
        description="Chunks that wait in the queue beside those being worked on: no worker idles, and "
        "a new client is served soon.",
    )
    batch_niceness: int = Field(
        10,
        ge=0,
        le=19,
        description="Niceness of a worker that takes only batches: at 10, an interactive worker "
        "beside it gets nine tenths of the processors.",
    )

    batch_tokens: int = Field(
        2048,
        gt=0,
        description="Tokens in one engine batch (longest × count); more is not faster on a CPU.",
    )
    effort: Effort = Field(
        "best",
        description="How many translations of a sentence are compared, where a request does not say: "
        "`fast` the model's own few, `balanced` 4, `best` 8.",
    )
    batch_effort: Effort = Field("fast", description="The same for the items of a batch.")
    on_flag: OnFlag = Field(
        "flag",
        description="What to return for a sentence that is wrong after all repairs: `flag`, `source` "
        "or `fail`. A request can override it.",
    )
    quotes: QuoteStyle = Field(
        "curly",
        description="Quotation marks in translations: `curly` “ ” ‘ ’, or `angled` « » “ ”.",
    )
    headlines: HeadlineStyle = Field(
        "sentence",
        description="Headlines in capitals or title case: in `sentence` case as in Spanish, or as in "
        "the `source`.",
    )
    names: Path | None = Field(
        None,
        description="Your spellings of names: a tab-separated table whose first line holds language "
        "tags.",
    )
    catalogue: Path | None = Field(
        None,
        description="Your models: a TOML file, or a folder of them, merged over the built-in "
        "catalogue.",
    )
    device: Device = Field(
        "auto",
        description="Device of the models: `auto` (the first GPU, else the processor), `cpu`, `cuda`, "
        "`cuda:N`.",
    )
    compute_type: ComputeType = Field(
        "auto",
        description="Number type of the models: `auto` (int8 on a processor, float16 on a GPU), "
        "`int8`, `int8_float16`, `float16`, `bfloat16`, `float32`. A catalogue entry can override it.",
    )
    allow_noncommercial: bool = Field(
        False,
        description="Allow models whose licence forbids commercial use. A newspaper sells its texts.",
    )
    model_hosts: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)] = Field(
        (),
        description="Hosts, separated by commas, whose model servers may be sent texts, besides this "
        "machine: to send a text to another host is to disclose it there.",
    )
    models_dir: Annotated[Path, AfterValidator(Path.expanduser)] = Field(
        Path("~/.cache/dragoman"),
        validate_default=True,
        description="Folder of fetched and converted models; what is missing there is made again.",
    )
    models_bytes: int = Field(
        1536 * 1024 * 1024,
        gt=0,
        description="Maximum memory of the models that one worker process keeps loaded; the least "
        "recently used are unloaded. Compose gives each worker process 2 GiB.",
    )
    preload: ModelIds = Field(
        (),
        description="Models that every worker loads when it starts, so that no job waits for them.",
    )
    pinned_interactive: ModelIds = Field(
        (),
        description="Models that workers of the interactive queue load when they start and never "
        "unload.",
    )
    pinned_batch: ModelIds = Field(
        (),
        description="Models that workers of the batch queue load when they start and never unload.",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="Minimum log level. No level logs an article's text."
    )

    log_format: Literal["text", "json"] = Field(
        "text", description="Log format: `text`, or `json` with one object per line."
    )

    @property
    def line_bytes(self) -> int:
        """Maximum size of a line of a batch: of a document in base64, with other fields around it."""
        return self.max_document_bytes * 4 // 3 + self.max_body_bytes

    def load_catalogue(self) -> Catalogue:
        """Load the catalogue of models that these settings ask for; raise CatalogueError."""
        return load_catalogue(
            self.catalogue,
            self.models_dir,
            allow_noncommercial=self.allow_noncommercial,
            device=self.device,
            compute_type=self.compute_type,
            hosts=self.model_hosts,
        )

    @model_validator(mode="after")
    def _visible_after_the_longest_job(self) -> Self:
        if self.visibility_seconds <= self.job_seconds:
            raise ValueError(
                "visibility_seconds must be greater than job_seconds, or Redis delivers running jobs again"
            )
        return self


@lru_cache
def get_settings() -> Settings:
    """Return the settings of this process, read from the environment once.

    Raises WrongSetting, which names the invalid variable.
    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = f"DRAGOMAN_{str(first['loc'][0]).upper()}: " if first["loc"] else ""
        raise WrongSetting(name + first["msg"].removeprefix("Value error, ")) from None
