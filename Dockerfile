# One image for all processes: the front, the workers and the courier differ only in their command.
FROM python:3.11-slim-bookworm AS build
# What serves the embedded models and other Marian models. For other families build with torch and
# transformers, and give an index with torch's CPU build; without it pip installs the CUDA build, which is
# gigabytes larger:
#   docker compose build --build-arg REQUIREMENTS=transformers \
#       --build-arg PIP_EXTRA_INDEX_URL=<index of CPU builds>
ARG REQUIREMENTS=run
ARG PIP_EXTRA_INDEX_URL=
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /venv
ENV PATH=/venv/bin:$PATH
WORKDIR /src
# Dependencies come first: a change of the code does not reinstall them.
COPY requirements requirements
RUN if [ "$REQUIREMENTS" = transformers ]; then pip install -r requirements/torch.txt; fi \
    && pip install -r "requirements/$REQUIREMENTS.txt"
COPY pyproject.toml README.md dragoman.py ./
COPY cli cli
COPY service service
COPY workers workers
COPY pipeline pipeline
COPY models models
RUN pip install --no-deps .

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --no-create-home dragoman
COPY --from=build /venv /venv
# The root file system is read-only; libraries write their caches to /tmp.
ENV PATH=/venv/bin:$PATH HOME=/tmp PYTHONUNBUFFERED=1 DRAGOMAN_HOST=0.0.0.0 \
    DRAGOMAN_MODELS_DIR=/models DRAGOMAN_BATCHES_DIR=/batches \
    DRAGOMAN_DATABASE_URL=sqlite:////stories/dragoman.db
# A new volume on /models starts with these files; `dragoman models fetch` adds to them.
RUN dragoman models convert && install -d -o dragoman /batches /stories && chown -R dragoman /models
USER 10001
WORKDIR /tmp
EXPOSE 8000
CMD ["dragoman", "serve"]
