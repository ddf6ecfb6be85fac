"""An entry of the catalogue, for what looks at entries alone."""

from typing import Any

from models.catalogue import Model


def entry(**fields: Any) -> Model:
    """A Marian from English to French; the fields say where its files are, and what else it is."""
    about = {
        "id": "mine",
        "task": "translate",
        "family": "marian",
        "source": ["en"],
        "target": ["fr"],
        "licence": "none",
        "commercial": True,
    }
    return Model.model_validate(about | fields)
