import pytest

from models.catalogue import Catalogue, Model
from models.errors import UnknownModel, UnsupportedPair
from models.languages import normalize, pairs, route


def model(source: str, target: str) -> Model:
    return Model.model_validate(
        {
            "id": f"{source}-{target}",
            "task": "translate",
            "family": "marian",
            "engine": "transformers",
            "source": [source],
            "target": [target],
            "folder": "none",
            "licence": "none",
            "commercial": True,
        }
    )


CATALOGUE = Catalogue({m.id: m for m in (model("en", "es"), model("es", "fr"), model("pt", "en"))})


@pytest.mark.parametrize("tag", ["es", "ES", "es-MX", "es_419", "es-Latn-ES"])
def test_a_tag_is_its_language(tag: str) -> None:
    assert normalize(tag) == "es"


def test_direct_pivot_and_none() -> None:
    assert route(CATALOGUE, "en-GB", "es").models == [
        "en-es",
    ]
    assert route(CATALOGUE, "en", "fr").models == ["en-es", "es-fr"]
    assert route(CATALOGUE, "es-MX", "es").models == []


def test_every_listed_pair_has_a_route_and_no_other() -> None:
    there = pairs(CATALOGUE)
    assert there == [("en", "es"), ("en", "fr"), ("es", "fr"), ("pt", "en"), ("pt", "es")]
    for source, target in there:
        assert route(CATALOGUE, source, target).legs


def test_an_unknown_pair_says_which_there_are() -> None:
    with pytest.raises(UnsupportedPair, match="en→es") as error:
        route(CATALOGUE, "fr", "en")
    assert {"source": "en", "target": "es"} in error.value.extra["pairs"]


def test_a_named_model_must_fit_the_pair() -> None:
    assert route(CATALOGUE, "en", "es", "en-es").models == [
        "en-es",
    ]
    with pytest.raises(UnsupportedPair, match="with es-fr"):
        route(CATALOGUE, "en", "es", "es-fr")
    with pytest.raises(UnknownModel):
        route(CATALOGUE, "en", "es", "nope")
