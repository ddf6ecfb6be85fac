"""The Celery application, every option with its reason.

This module is what the parent process of a worker imports: it must leave torch and CTranslate2 out,
since a process that forks after loading either hangs. `workers.tasks` is loaded with the worker;
models are loaded by the child, on its first job or before it.
"""

from typing import Any

from celery import Celery
from celery.signals import worker_shutting_down

from service.jobs.broker import broker_config
from service.settings import get_settings
from workers.heartbeat import StopFlag
from workers.reaper import Caretaker

settings = get_settings()

app = Celery("dragoman", include=["workers.tasks"])
app.steps["consumer"].add(Caretaker)
stop = StopFlag()
app.conf.update(
    broker_config(settings),
    # A message is acknowledged when its job has ended: so no worker takes one more than it works on.
    task_acks_late=True,
    # The message of a worker that died is not given back but replaced, by the reaper: one way for
    # every kind of death. Other jobs go first, so that one that kills its workers holds up nobody.
    task_reject_on_worker_lost=False,
    # Nobody hoards: a free worker gets the next job.
    worker_prefetch_multiplier=1,
    # Each child holds one model and all the threads the operator gave it.
    worker_concurrency=1,
    # A child writes its results to Redis, not to its parent: nothing of a dead one is on its way.
    worker_lost_wait=0.1,
    # A job that does not end is ended here, with its process; it is tried again, up to max_attempts.
    task_time_limit=settings.job_seconds,
    # What is being worked on when Redis goes away is finished when it is back: its lease is renewed.
    worker_cancel_long_running_tasks_on_connection_loss=False,
    # A child that loads its first models is silent meanwhile: a large one takes minutes from a disk.
    worker_proc_alive_timeout=600,
    # Redis may start after us, or restart.
    broker_connection_retry_on_startup=True,
    # The watch over the event loop writes where it hangs to the real stderr.
    worker_redirect_stdouts=False,
    # Celery would add its own handlers over the command line's.
    worker_hijack_root_logger=False,
    # Nobody asks the workers anything over the broker: fewer connections, a quieter Redis.
    worker_enable_remote_control=False,
    worker_send_task_events=False,
)


@worker_shutting_down.connect(weak=False)  # type: ignore[untyped-decorator]
def _stop_work(**_: Any) -> None:
    """On SIGTERM, Celery waits for the children: they give back what they work on, after a batch.

    Celery's own soft shutdown would sleep its whole time-out through, and hear no child meanwhile.
    """
    stop.set()
