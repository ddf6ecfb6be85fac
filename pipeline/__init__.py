"""Process an article through the models and the checks, without HTTP, Redis or Celery."""
