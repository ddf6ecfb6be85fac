"""`dragoman glossary`: keep, show, list and delete glossaries."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.common import ClientName, ExitCode, From, To, fail, local_database, validation

if TYPE_CHECKING:
    from pipeline.glossary.terms import Term
    from service.storage.glossary_files import Format

app = typer.Typer(
    name="glossary", help="Keep, show, list and delete glossaries.", no_args_is_help=True
)

Name = Annotated[str, typer.Argument(help="The name of the glossary.")]


@app.command()
def put(
    name: Name,
    file: Annotated[
        Path, typer.Argument(help="A .tsv, .csv, .tbx or .json file.", exists=True, dir_okay=False)
    ],
    source: From,
    to: To,
    client: ClientName = "anyone",
) -> None:
    """Keep a glossary; its terms replace those that it had."""
    from pydantic import TypeAdapter

    from pipeline.glossary.terms import GlossaryName
    from service.storage.glossaries import Glossaries

    with validation():
        TypeAdapter(GlossaryName).validate_python(name)
    terms = read_glossary(file, source, to)
    with local_database() as database, database.writing() as session:
        Glossaries(session).put(client, name, (source, to), terms)
    typer.echo(f"{len(terms)} terms of {file} are the glossary {name} of {client}.")


@app.command()
def show(
    name: Name,
    client: ClientName = "anyone",
    format_: Annotated[
        str, typer.Option("--format", help="`tsv`, `csv`, `tbx` or `json`.")
    ] = "tsv",
) -> None:
    """Print a glossary."""
    from service.storage.glossaries import Glossaries, terms_of
    from service.storage.glossary_files import write_terms

    with local_database() as database, database.reading() as session:
        found = Glossaries(session).get(client, name)
    pair = found.source_language, found.target_language
    typer.echo(write_terms(terms_of(found), _format(format_), *pair), nl=False)


@app.command("list")
def list_glossaries(client: ClientName = "anyone") -> None:
    """List the glossaries of a client."""
    from service.storage.glossaries import Glossaries

    with local_database() as database, database.reading() as session:
        for one in Glossaries(session).heads(client):
            typer.echo(f"{one.name}  {one.source_language}-{one.target_language}  {one.count}")


@app.command()
def delete(name: Name, client: ClientName = "anyone") -> None:
    """Delete a glossary."""
    from service.storage.glossaries import Glossaries

    with local_database() as database, database.writing() as session:
        Glossaries(session).delete(client, name)
    typer.echo(f"{name} is deleted.")


def read_glossary(file: Path, source: str, target: str) -> "list[Term]":
    """The terms of a file in the format that its name says."""
    from service.storage.glossary_files import read_terms

    return read_terms(file.read_bytes(), _format(file.suffix.removeprefix(".")), source, target)


def _format(name: str) -> "Format":
    from service.storage.glossary_files import MEDIA_TYPES

    found = next((one for one in MEDIA_TYPES if one == name), None)
    if found is None:
        fail(
            f"{name!r} is no format of glossaries: use {', '.join(MEDIA_TYPES)}.", ExitCode.REFUSED
        )
    return found
