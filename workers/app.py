"""The Celery application, every option with its reason.

This module is what the parent process of a worker imports: it must leave torch and CTranslate2 out,
since a process that forks after loading either hangs. `workers.tasks` is loaded with the worker;
models are loaded by the child, on its first job.
"""

from celery import Celery

from service.broker import broker_config
from service.settings import get_settings

settings = get_settings()

app = Celery("dragoman", include=["workers.tasks"])
app.conf.update(
    broker_config(settings),
    # A message is acknowledged when its job has ended, so that a worker's death gives it back.
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    # Nobody hoards: a free worker gets the next job.
    worker_prefetch_multiplier=1,
    # Each child holds one model and all the threads the operator gave it.
    worker_concurrency=1,
    # A job that hangs ends here, with its process; the message comes again, up to max_attempts.
    task_time_limit=settings.job_seconds,
    # On SIGTERM a running job may end by itself; after that its message goes back at once.
    worker_soft_shutdown_timeout=10,
    # Redis may start after us, or restart.
    broker_connection_retry_on_startup=True,
    # Celery would add its own handlers over the command line's.
    worker_hijack_root_logger=False,
    # Nobody asks the workers anything over the broker: fewer connections, a quieter Redis.
    worker_enable_remote_control=False,
    worker_send_task_events=False,
)
