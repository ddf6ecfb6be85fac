"""Celery: takes a job's id, does the work, writes the result."""
