"""Every setting, typed, with its reason. The only reader of the environment.

A setting `name` is read from the variable `DRAGOMAN_NAME`.
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
from pipeline.requests import HeadlineStyle, OnFlag, QuoteStyle

Network = IPv4Network | IPv6Network


def _listed(value: object) -> object:
    """A list as people write it in one variable: `10.1.0.0/16, 10.2.0.0/16`."""
    return (
        [part for part in re.split(r"[\s,]+", value) if part] if isinstance(value, str) else value
    )


ModelIds = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)]
"""Ids of models, separated by commas."""


class Settings(BaseSettings):
    """The settings of the front and of the workers; both read the same."""

    model_config = SettingsConfigDict(env_prefix="DRAGOMAN_", env_ignore_empty=True, frozen=True)

    redis_url: str = Field(
        "redis://127.0.0.1:6379/0",
        description="Where the queue and the records are: Redis 7 or newer, or Valkey.",
    )
    host: str = Field("127.0.0.1", description="The address the front listens on.")
    port: int = Field(8000, ge=0, le=65535, description="Its port; 0 takes a free one.")

    require_keys: bool | None = Field(
        None,
        description="Whether callers need an API key; not given: yes, unless `host` is loopback.",
    )

    max_body_bytes: int = Field(
        1024 * 1024,
        gt=0,
        description="The largest body of one request. A long read has 60 kB; a mebibyte is a book.",
    )
    max_wait_seconds: int = Field(
        60,
        ge=0,
        description="The longest `Prefer: wait`: below the usual idle time-outs of proxies.",
    )
    keepalive_seconds: float = Field(
        10.0,
        gt=0,
        description="How long an event stream stays silent, and how old a missed event can get.",
    )

    queued_characters: int = Field(
        2_000_000,
        gt=0,
        description="Characters of unfinished interactive jobs: some minutes of work for two cores.",
    )
    queued_batch_characters: int = Field(
        50_000_000,
        gt=0,
        description="The same for batch jobs: some hours, and about 200 MB of Redis.",
    )
    idempotency_seconds: int = Field(
        24 * 3600, gt=0, description="How long an `Idempotency-Key` gives the job it gave first."
    )
    duplicate_seconds: int = Field(
        60,
        ge=0,
        description="How long the same request without a key gives the same job; 0: never.",
    )
    webhook_allow: Annotated[tuple[Network, ...], NoDecode, BeforeValidator(_listed)] = Field(
        (),
        description="Networks that webhooks may go to though they are not public, with commas.",
    )
    webhook_seconds: int = Field(
        15, gt=0, description="How long a webhook's receiver may take, from its name to its answer."
    )

    retention_seconds: int = Field(
        7 * 24 * 3600,
        gt=0,
        description="How long a job and its result are kept after its end.",
    )
    lease_seconds: int = Field(
        10,
        gt=0,
        description="How long a job stays a silent worker's; a working one renews it in time.",
    )
    stall_seconds: int = Field(
        300,
        gt=0,
        description="How long a job may make no progress: above one batch, or a model's loading.",
    )
    stuck_seconds: int = Field(
        30,
        gt=0,
        description="How long an idle worker may get no message while some wait, before it ends.",
    )
    max_attempts: int = Field(
        3,
        gt=0,
        description="How often a job is tried whose worker dies before it counts as failed.",
    )
    job_seconds: int = Field(
        1800,
        gt=0,
        description="The longest a job may run before its process is killed: 1 MiB on one slow core.",
    )
    max_result_bytes: int = Field(
        32 * 1024 * 1024,
        gt=0,
        description="The largest result that is kept; that of a mebibyte of text has about 8.",
    )
    visibility_seconds: int = Field(
        3600,
        gt=0,
        description="When Redis hands an unacknowledged message out again; above `job_seconds`.",
    )

    batches_dir: Annotated[Path, AfterValidator(Path.expanduser)] = Field(
        Path("~/.local/state/dragoman/batches"),
        validate_default=True,
        description="Where the front keeps batches: a local disk, for 50,000 articles' results would "
        "fill Redis.",
    )
    api_key: SecretStr | None = Field(
        None, description="The key with which `dragoman batch run --server` calls."
    )
    batch_lines: int = Field(
        100_000, gt=0, description="The most lines of one batch: an archive, or a year of stories."
    )
    batch_bytes: int = Field(
        512 * 1024 * 1024, gt=0, description="The largest batch, uncompressed: 100,000 articles."
    )
    chunk_characters: int = Field(
        48_000,
        gt=0,
        description="Characters of a batch that go to a worker at once: seconds of work, so that "
        "clients take turns; enough that sentences of like lengths meet, which 24,000 were 4 % short of.",
    )
    chunks_waiting: int = Field(
        4,
        gt=0,
        description="Chunks that wait in the queue beside those at work: no worker idles, and a new "
        "client is soon served.",
    )
    batch_niceness: int = Field(
        10,
        ge=0,
        le=19,
        description="How much a worker of batches alone gives way: at 10, an editor's beside it has nine "
        "tenths of the processors.",
    )

    batch_tokens: int = Field(
        2048,
        gt=0,
        description="Tokens in one engine batch (longest × count): more brings no speed on a CPU.",
    )
    on_flag: OnFlag = Field(
        "flag",
        description="What becomes of a sentence that is wrong after all repairs: `flag`, `source`, "
        "`fail`. A request may say otherwise.",
    )
    quotes: QuoteStyle = Field(
        "curly",
        description="Quotation marks in translations: `curly` “ ” ‘ ’, or `angled` « » “ ”.",
    )
    headlines: HeadlineStyle = Field(
        "sentence",
        description="Headlines from capitals or title case: in `sentence` case as Spanish has them, "
        "or as in the `source`.",
    )
    names: Path | None = Field(
        None,
        description="Your own spellings of names: a table with tabs, language tags in the first line.",
    )
    catalogue: Path | None = Field(
        None,
        description="Your own models: a TOML file, or a folder of them, merged over the built-in ones.",
    )
    device: Device = Field(
        "auto",
        description="Where models compute: `auto` (the first GPU, else the processor), `cpu`, "
        "`cuda`, `cuda:N`.",
    )
    compute_type: ComputeType = Field(
        "auto",
        description="In which type: `auto` (int8 on a processor, float16 on a GPU), `int8`, "
        "`int8_float16`, `float16`, `float32`. A catalogue's entry may say otherwise.",
    )
    allow_noncommercial: bool = Field(
        False,
        description="Use models whose licence forbids commercial use. A paper sells its texts.",
    )
    models_dir: Annotated[Path, AfterValidator(Path.expanduser)] = Field(
        Path("~/.cache/dragoman"),
        validate_default=True,
        description="Where fetched and converted models are kept; what is lost there is made again.",
    )
    models_bytes: int = Field(
        1536 * 1024 * 1024,
        gt=0,
        description="What the models that one worker process keeps loaded may take; the least recently "
        "used go. Compose gives each process of a worker 2 GiB.",
    )
    preload: ModelIds = Field(
        (),
        description="Models that every worker loads at its start, so that no job waits for them.",
    )
    pinned_interactive: ModelIds = Field(
        (),
        description="Models that workers of this queue load at their start and never let go: "
        "no editor waits for a model.",
    )
    pinned_batch: ModelIds = Field((), description="The same for workers of the batch queue.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="What the logs leave out. No level shows an article's text."
    )

    log_format: Literal["text", "json"] = Field(
        "text", description="How the logs are written: `json` is a line of JSON for each event."
    )

    def load_catalogue(self) -> Catalogue:
        """The models as these settings have them; CatalogueError."""
        return load_catalogue(
            self.catalogue,
            self.models_dir,
            allow_noncommercial=self.allow_noncommercial,
            device=self.device,
            compute_type=self.compute_type,
        )

    @model_validator(mode="after")
    def _visible_after_the_longest_job(self) -> Self:
        if self.visibility_seconds <= self.job_seconds:
            raise ValueError(
                "visibility_seconds must be above job_seconds, or Redis hands running jobs out again"
            )
        return self


@lru_cache
def get_settings() -> Settings:
    """The settings of this process, read from the environment once; WrongSetting names what is not."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = f"DRAGOMAN_{str(first['loc'][0]).upper()}: " if first["loc"] else ""
        raise WrongSetting(name + first["msg"].removeprefix("Value error, ")) from None
