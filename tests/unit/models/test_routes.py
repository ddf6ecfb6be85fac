from pathlib import Path

import pytest

from models.catalogue import Catalogue, Model
from models.errors import ModelNotReady, UnknownModel, UnsupportedPair
from models.language_codes import FAMILY_CODES, primary_subtag
from models.routes import Leg, route, routes
from tests.entries import entry


def model(source: str, target: str) -> Model:
    folder = Path(__file__).parent
    return entry(id=f"{source}-{target}", source=[source], target=[target], folder=folder)


CATALOGUE = Catalogue({m.id: m for m in (model("en", "es"), model("es", "fr"), model("pt", "en"))})


@pytest.mark.parametrize("tag", ["es", "ES", "es-MX", "es_419", "es-Latn-ES"])
def test_the_primary_subtag_of_a_tag_is_its_language(tag: str) -> None:
    assert primary_subtag(tag) == "es"


def test_a_direct_route_a_pivot_and_no_leg() -> None:
    assert route(CATALOGUE, "en-GB", "es").models == [
        "en-es",
    ]
    assert route(CATALOGUE, "en", "fr").models == ["en-es", "es-fr"]
    assert route(CATALOGUE, "es-MX", "es").models == []


def test_every_listed_pair_has_a_route_and_no_other() -> None:
    found = routes(CATALOGUE)
    assert sorted(found) == [("en", "es"), ("en", "fr"), ("es", "fr"), ("pt", "en"), ("pt", "es")]
    for (source, target), way in found.items():
        assert way == route(CATALOGUE, source, target)


def test_an_unsupported_pair_lists_the_pairs_near_it() -> None:
    with pytest.raises(UnsupportedPair, match="pt→en") as error:
        route(CATALOGUE, "fr", "en")
    assert error.value.extra["pairs"] == [{"source": "pt", "target": "en"}]
    with pytest.raises(UnsupportedPair, match="en→es, en→fr, es→fr"):
        route(CATALOGUE, "fr", "de")


def test_a_model_that_is_not_available_is_not_used_but_named(tmp_path: Path) -> None:
    away = model("en", "de").model_copy(update={"folder": tmp_path / "de", "repo": "a/en-de"})
    catalogue = Catalogue({"en-es": model("en", "es"), away.id: away})
    assert sorted(routes(catalogue)) == [("en", "es")]
    with pytest.raises(UnsupportedPair, match="dragoman models fetch en-de"):
        route(catalogue, "en", "de")
    with pytest.raises(ModelNotReady, match="dragoman models fetch en-de"):
        route(catalogue, "en", "de", "en-de")
    (tmp_path / "de").mkdir()
    assert route(catalogue, "en", "de").models == ["en-de"]


def test_english_is_the_pivot_where_two_models_share_more() -> None:
    def many(name: str, source: list[str], target: list[str]) -> Model:
        return model("xx", "yy").model_copy(
            update={"id": name, "source": tuple(source), "target": tuple(target)}
        )

    first, second = many("1", ["fi"], ["ar", "en"]), many("2", ["ar", "en"], ["gn"])
    catalogue = Catalogue({"1": first, "2": second})
    assert route(catalogue, "fi", "gn").legs == (Leg("1", "fi", "en"), Leg("2", "en", "gn"))


def test_a_named_model_must_fit_the_pair() -> None:
    assert route(CATALOGUE, "en", "es", "en-es").models == [
        "en-es",
    ]
    with pytest.raises(UnsupportedPair, match="with es-fr"):
        route(CATALOGUE, "en", "es", "es-fr")
    with pytest.raises(UnknownModel):
        route(CATALOGUE, "en", "es", "nope")


def test_the_codes_are_those_of_the_tokenizers() -> None:
    from transformers.models.m2m_100 import tokenization_m2m_100
    from transformers.models.mbart50 import tokenization_mbart50
    from transformers.models.nllb import tokenization_nllb

    m2m100 = tokenization_m2m_100.FAIRSEQ_LANGUAGE_CODES["m2m100"]
    assert set(FAMILY_CODES["m2m100"].values()) == {f"__{language}__" for language in m2m100}
    assert set(FAMILY_CODES["mbart50"].values()) <= set(tokenization_mbart50.FAIRSEQ_LANGUAGE_CODES)
    assert set(FAMILY_CODES["nllb"].values()) <= set(tokenization_nllb.FAIRSEQ_LANGUAGE_CODES)
