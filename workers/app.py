"""The Celery application, with the reason of every option.

The parent process of a worker imports this module, which must not import torch or CTranslate2: a process
that forks after loading either hangs. `workers.tasks` is loaded with the worker; models are loaded by the
child, before or with its first job.
"""

from typing import Any

from celery import Celery
from celery.signals import worker_shutting_down

from service.jobs.broker import broker_config
from service.settings import get_settings
from workers.heartbeat import StopFlag
from workers.monitor import WorkerMonitor

settings = get_settings()

app = Celery("dragoman", include=["workers.tasks"])
app.steps["consumer"].add(WorkerMonitor)
stop = StopFlag()
app.conf.update(
    broker_config(settings),
    # A message is acknowledged when its job has ended, so that none is lost with its worker.
    task_acks_late=True,
    # The message of a dead worker is not returned but replaced by the reaper, the same way for every
    # kind of death. Other jobs go first, so that a job that kills its workers delays none.
    task_reject_on_worker_lost=False,
    # A free worker gets the next job; none reserves jobs.
    worker_prefetch_multiplier=1,
    # Each child holds one model and all the threads the operator gave it.
    worker_concurrency=1,
    # A child writes its results to Redis, not to its parent: no result of a dead one is to be awaited.
    worker_lost_wait=0.1,
    # A job over this time is ended with its process, and tried again up to max_attempts.
    task_time_limit=settings.job_seconds,
    # Work continues while Redis is away: the lease is renewed when Redis is back.
    worker_cancel_long_running_tasks_on_connection_loss=False,
    # A child does not answer while it loads its first models, which can take minutes.
    worker_proc_alive_timeout=600,
    # Redis may start later than the workers, or restart.
    broker_connection_retry_on_startup=True,
    # The monitor of the event loop writes its traceback to the real stderr.
    worker_redirect_stdouts=False,
    # Celery would replace the handlers of `service.logs`.
    worker_hijack_root_logger=False,
    # Remote control is unused: this saves connections and commands.
    worker_enable_remote_control=False,
    worker_send_task_events=False,
)


@worker_shutting_down.connect(weak=False)  # type: ignore[untyped-decorator]
def _stop_work(**_: Any) -> None:
    """On SIGTERM, make the children return their records to the queue after an engine batch.

    Celery's own soft shutdown would sleep for its whole time-out and not notice children that end.
    """
    stop.set()
