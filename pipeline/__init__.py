"""An article's way through the models and the checks, without HTTP, Redis or Celery."""
