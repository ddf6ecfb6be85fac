"""`dragoman models`: list, add, compare, fetch, pin, verify and convert models."""

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from cli.common import ExitCode, Json, fail, load_catalogue, read_text

if TYPE_CHECKING:
    from models.catalogue import Catalogue, Model

app = typer.Typer(name="models", help="List, add, compare, fetch, pin, verify and convert models.")

Ids = Annotated[list[str], typer.Argument(metavar="ID...", help="Models' ids.")]


@app.callback(invoke_without_command=True)
def list_if_no_command(context: typer.Context) -> None:
    """List, add, compare, fetch, pin, verify and convert models."""
    if context.invoked_subcommand is None:
        list_models()


@app.command("list")
def list_models() -> None:
    """List the models, with a fix for each that cannot be used."""
    from cli.terminal import show_models

    show_models(load_catalogue())


@app.command()
def fetch(models: Ids) -> None:
    """Download models at their pinned commits. An interrupted download resumes."""
    from cli.terminal import download_bars
    from models.errors import LicenceRefused
    from models.hub.fetch import fetch as fetch_model

    catalogue = load_catalogue()
    for model in [catalogue.entry(model_id) for model_id in models]:
        if isinstance(refusal := catalogue.refusal(model), LicenceRefused):
            raise refusal
        with download_bars() as report:
            folder = fetch_model(model, report)
        typer.echo(f"{model.id}  {folder}")


@app.command()
def pin(
    models: Ids,
    branch: Annotated[
        str | None,
        typer.Option(help="A branch or refs/pr/N; the catalogue entry's branch if not given."),
    ] = None,
) -> None:
    """Look up models' newest commits on the hub and pin them."""
    from cli.terminal import say
    from models.hub.fetch import pin_newest
    from models.hub.pins import write_pin
    from service.settings import get_settings

    catalogue, models_dir = load_catalogue(), get_settings().models_dir
    for model in [catalogue.entry(model_id) for model_id in models]:
        found = pin_newest(model, branch)
        path = write_pin(models_dir, model.id, found)
        say(f"{model.id} is pinned in {path}:")
        typer.echo(f'["{model.id}"]\n{found.toml()}')


@app.command()
def add(
    repo: Annotated[
        str, typer.Argument(metavar="REPO", help="OWNER/NAME on the hub, or firefox/SOURCE-TARGET.")
    ],
    source: Annotated[
        list[str] | None, typer.Option("--from", help="A source language, if the repo names none.")
    ] = None,
    target: Annotated[
        list[str] | None, typer.Option("--to", help="A target language, if the repo names none.")
    ] = None,
    branch: Annotated[str, typer.Option(help="A branch or refs/pr/N.")] = "main",
) -> None:
    """Add a model of the hub: describe it, fetch it, try it, and write its catalogue entry."""
    from cli.terminal import download_bars, say
    from models.catalogue import Catalogue
    from models.catalogue_files import add_entry
    from models.engines.loading import load_translator, prepare_files
    from models.errors import LicenceRefused, ModelUnavailable
    from models.hub.describe import describe
    from models.hub.fetch import fetch as fetch_model
    from models.hub.firefox import PREFIX, fetch_pair
    from models.probe import probe
    from service.settings import get_settings

    settings = get_settings()
    if repo.startswith(PREFIX):
        described = fetch_pair(repo, settings.models_dir)
    else:
        described = describe(repo, branch=branch, source=source or (), target=target or ())
    catalogue = Catalogue(
        {described.id: described},
        settings.models_dir,
        allow_noncommercial=settings.allow_noncommercial,
    )
    model = catalogue.entry(described.id)
    if isinstance(refusal := catalogue.refusal(model), LicenceRefused):
        raise refusal
    origin = f"commit {model.revision}" if model.repo else f"engine {model.engine}"
    say(f"{model.id}: {model.family}, {model.licence}, {origin}")
    if model.pickled:
        say("Its weights are pickled: they are converted without executing code.")
    if model.repo:
        with download_bars() as report:
            fetch_model(model, report)
    translator = load_translator(model, prepare_files(model, settings.models_dir))
    try:
        text, said = probe(model, translator)
    finally:
        translator.close()
    if not said:
        raise ModelUnavailable(f"{model.id} says nothing about “{text}”: it is not added.")
    say(f"{text}\n{said}")
    path = add_entry(settings.models_dir, described)
    typer.echo(f"{model.id} is added in {path}. Restart running fronts and workers.")


@app.command()
def compare(
    models: Ids,
    source: Annotated[str, typer.Option(help="A text, one sentence a line.")],
    from_: Annotated[str, typer.Option("--from", help="Its language.")],
    to: Annotated[str, typer.Option("--to", help="The language to translate it into.")],
    reference: Annotated[
        str | None, typer.Option(help="Its translation by a person, line by line.")
    ] = None,
    effort: Annotated[
        Literal["fast", "balanced", "best"], typer.Option(help="As in requests.")
    ] = "fast",
    as_json: Json = False,
) -> None:
    """Translate a file with several models, and compare quality, flags, speed and memory."""
    import json
    from dataclasses import asdict

    from cli.comparison import compare as compare_models
    from cli.terminal import segment_bar, show_figures
    from service.settings import get_settings

    sources = read_text(source).splitlines()
    references = read_text(reference).splitlines() if reference else None
    if references is not None and len(references) != len(sources):
        fail(
            f"{source} has {len(sources)} lines, {reference} {len(references)}: they must be parallel.",
            ExitCode.REFUSED,
        )
    kept = [number for number, line in enumerate(sources) if line.strip()]
    if not kept:
        fail(f"{source} has no text.", ExitCode.REFUSED)
    catalogue = load_catalogue()
    with segment_bar() as done:
        figures = compare_models(
            get_settings(),
            catalogue,
            [catalogue.get(model_id, "translate") for model_id in models],
            (from_, to),
            [sources[number] for number in kept],
            [references[number] for number in kept] if references else None,
            effort,
            done,
        )
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in figures], indent=2))
    else:
        show_figures(figures)


@app.command()
def verify(
    models: Annotated[
        list[str] | None,
        typer.Argument(help="Models' ids; every model on this machine if not given."),
    ] = None,
) -> None:
    """Check models' files against their hashes."""
    from cli.terminal import say
    from models.errors import ModelUnavailable
    from models.hub.integrity import verify as verify_folder

    catalogue, damaged = load_catalogue(), False
    chosen = [catalogue.entry(model_id) for model_id in models or []] or _usable(catalogue)
    for model in chosen:
        if model.folder is None:
            continue
        try:
            files = verify_folder(model.folder, model.sha256)
        except ModelUnavailable as error:
            say(f"{model.id}  {error.detail}", "red")
            damaged = True
        else:
            typer.echo(f"{model.id}  {f'{files} files verified' if files else 'has no hashes'}")
    if damaged:
        raise SystemExit(ExitCode.FAILED)


@app.command()
def convert(
    model: Annotated[
        str | None,
        typer.Argument(help="A model's id; every model on this machine if not given."),
    ] = None,
) -> None:
    """Convert models for CTranslate2 before a worker first needs them."""
    from models.engines.conversion import ensure_converted
    from models.engines.loading import select_local_device
    from service.settings import get_settings

    catalogue, folder = load_catalogue(), get_settings().models_dir
    for one in _usable(catalogue) if model is None else [_usable_model(catalogue, model)]:
        if one.engine == "ctranslate2":
            typer.echo(f"{one.id}  {ensure_converted(select_local_device(one), folder)}")


def _usable(catalogue: "Catalogue") -> list["Model"]:
    return [model for model in catalogue.models if catalogue.refusal(model) is None]


def _usable_model(catalogue: "Catalogue", model_id: str) -> "Model":
    model = catalogue.entry(model_id)
    return catalogue.get(model_id, model.task)
