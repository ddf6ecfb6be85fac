# The service in one image: the front and the workers differ only in their command.
FROM python:3.11-slim-bookworm AS build
# Where pip finds torch's CPU build; without it pip takes the CUDA one, gigabytes larger:
#   docker compose build --build-arg PIP_EXTRA_INDEX_URL=<index of CPU builds>
ARG PIP_EXTRA_INDEX_URL=
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /venv
ENV PATH=/venv/bin:$PATH
WORKDIR /src
# What changes seldom comes first: a change of our code rebuilds no dependency.
COPY requirements/torch.txt requirements/run.txt requirements/
RUN pip install -r requirements/torch.txt && pip install -r requirements/run.txt
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
# The root file system is read-only: what libraries cache goes to the one place that is not.
ENV PATH=/venv/bin:$PATH HOME=/tmp PYTHONUNBUFFERED=1 DRAGOMAN_HOST=0.0.0.0 \
    DRAGOMAN_MODELS_DIR=/models DRAGOMAN_BATCHES_DIR=/batches \
    DRAGOMAN_DATABASE_URL=sqlite:////stories/dragoman.db
# A new volume for /models is filled with what is there; `dragoman models fetch` adds to it.
RUN dragoman models convert && install -d -o dragoman /batches /stories && chown -R dragoman /models
USER 10001
WORKDIR /tmp
EXPOSE 8000
CMD ["dragoman", "serve"]
