"""The Celery workers: they lease a record, do its work and write the result."""
