"""The pipeline of a worker, and the models that it loads first and keeps loaded."""

from collections.abc import Collection, Iterable

from models.catalogue import Catalogue, Model
from models.errors import DragomanError, WrongSetting
from models.residency import Residency
from pipeline.decode import Decoder
from pipeline.glossary.names import load_names
from pipeline.pipeline import Pipeline
from pipeline.style.house import HouseStyle
from service.jobs.job import Queue
from service.settings import Settings


def pipeline_of(
    settings: Settings, catalogue: Catalogue, queues: Collection[Queue] = ()
) -> Pipeline:
    """Create the pipeline of a process that takes from these queues; it loads no model yet.

    Raises WrongSetting where a setting names a model that is not available.
    """
    decoder = Decoder(catalogue, residency(settings, catalogue, queues), settings.batch_tokens)
    house = HouseStyle(
        settings.on_flag, settings.quotes, settings.headlines, load_names(settings.names)
    )
    return Pipeline(decoder, house, settings.effort, settings.batch_effort)


def residency(
    settings: Settings, catalogue: Catalogue, queues: Collection[Queue] = ()
) -> Residency:
    """Create the models of a process that takes from these queues; none is loaded yet.

    Raises WrongSetting where a setting names a model that is not available.
    """
    return Residency(
        settings.models_dir, settings.models_bytes, pinned(settings, catalogue, queues)
    )


def first_models(
    settings: Settings, catalogue: Catalogue, queues: Collection[Queue]
) -> list[Model]:
    """Return the models that a worker of these queues loads before its first job.

    Raises WrongSetting where a setting names a model that is not available.
    """
    preloaded = _chosen("preload", settings.preload, catalogue)
    return list(dict.fromkeys([*pinned(settings, catalogue, queues), *preloaded]))


def pinned(settings: Settings, catalogue: Catalogue, queues: Collection[Queue]) -> list[Model]:
    """Return the models that a worker of these queues never unloads; raise WrongSetting as above."""
    wished = {
        Queue.INTERACTIVE: ("pinned_interactive", settings.pinned_interactive),
        Queue.BATCH: ("pinned_batch", settings.pinned_batch),
    }
    return [model for queue in queues for model in _chosen(*wished[queue], catalogue)]


def _chosen(setting: str, ids: Iterable[str], catalogue: Catalogue) -> list[Model]:
    try:
        models = [catalogue.entry(model_id) for model_id in ids]
        for refusal in filter(None, map(catalogue.refusal, models)):
            raise refusal
    except DragomanError as error:
        raise WrongSetting(f"DRAGOMAN_{setting.upper()}: {error.detail}") from error
    return models
