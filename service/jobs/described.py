"""What an API field contains, for OpenAPI alone: results are sent as they were stored, without validation."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema


class DescribedAs:
    """Annotates a JSON object with the models that it has the shape of.

    A result has up to 32 MiB: validating it at each request for its job would take seconds.
    """

    def __init__(self, *models: type[BaseModel]) -> None:
        self._models = models

    def __get_pydantic_core_schema__(
        self, source: type[Mapping[str, Any]], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Accept any object."""
        return core_schema.any_schema()

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Describe the models."""
        return {"anyOf": [handler(model.__pydantic_core_schema__) for model in self._models]}


class Problem(BaseModel):
    """An error, as RFC 9457 defines it; `code` says which further members there are."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str
    code: str
