"""The parts of the front that keep stories, put together."""

from models.catalogue import Catalogue
from service.jobs.enqueue import Enqueuer
from service.jobs.store import JobStore
from service.lookup import Lookup
from service.settings import Settings
from service.storage.database import Database
from service.stories.checking import Checking
from service.stories.collecting import Collector
from service.stories.forgetting import Forgetting
from service.stories.jobs import StoryJobs
from service.stories.revising import Reviser


class StoryParts:
    """What the routes and the keeper of stories work with."""

    def __init__(
        self,
        database: Database,
        store: JobStore,
        enqueuer: Enqueuer,
        catalogue: Catalogue,
        settings: Settings,
    ) -> None:
        self.database = database
        self.lookup = Lookup(database, settings)
        self.reviser = Reviser(database, store, enqueuer, catalogue, self.lookup)
        self.collector = Collector(database, store, self.reviser)
        self.checking = Checking(database, store, enqueuer, self.lookup)
        self.jobs = StoryJobs(store, settings)
        self.forgetting = Forgetting(database, store, settings)
