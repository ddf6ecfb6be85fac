import pytest

from models.errors import WrongSetting
from service.jobs.job import Queue
from service.settings import Settings
from workers.resident import first_models, pipeline_of

EN_ES, ES_EN = "embedded/en-es", "embedded/es-en"


def first_ids(settings: Settings, *queues: Queue) -> list[str]:
    return [model.id for model in first_models(settings, settings.load_catalogue(), queues)]


def test_no_model_is_loaded_before_it_is_needed() -> None:
    settings = Settings(pinned_interactive=(EN_ES,), preload=(ES_EN,))
    pipeline = pipeline_of(settings, settings.load_catalogue(), [Queue.INTERACTIVE])
    assert pipeline.decoder.models.loaded == []


def test_a_worker_loads_the_pinned_models_of_its_queues_then_the_preloaded_ones() -> None:
    settings = Settings(pinned_interactive=(EN_ES,), preload=(ES_EN, EN_ES))
    assert first_ids(settings, Queue.INTERACTIVE) == [EN_ES, ES_EN]
    assert first_ids(settings, Queue.BATCH) == [ES_EN, EN_ES]
    assert first_ids(Settings(), *Queue) == []


@pytest.mark.parametrize("name", ["preload", "pinned_interactive", "pinned_batch"])
@pytest.mark.parametrize(
    ("model_id", "says"),
    [
        ("own/nothing", "No model 'own/nothing'"),
        ("opus-mt-en-de", "dragoman models pin opus-mt-en-de"),
        ("nllb-200-distilled-600m", "DRAGOMAN_ALLOW_NONCOMMERCIAL"),
    ],
)
def test_a_setting_with_a_model_that_cannot_be_used_is_refused(
    name: str, model_id: str, says: str
) -> None:
    settings = Settings.model_validate({name: (model_id,)})
    with pytest.raises(WrongSetting, match=f"DRAGOMAN_{name.upper()}: .*{says}"):
        first_ids(settings, *Queue)
