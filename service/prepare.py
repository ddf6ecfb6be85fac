"""A translation as its job gets it: settled, and with what its client's memory knows."""

from pipeline.languages import settle_translation
from service.front.context import Context
from service.jobs.keys import Client
from service.jobs.requests import QueuedTranslation


def prepare(context: Context, client: Client, request: QueuedTranslation) -> QueuedTranslation:
    """The request, ready to be queued; raises what settling and parsing it do."""
    settled = settle_translation(request, context.catalogue)
    return context.stories.lookup.informed(client, settled)
