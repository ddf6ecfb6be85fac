"""`dragoman story`: send stories to a front, find and show them, and print what changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote

import typer

from cli.common import ExitCode, File, Json, Source, fail, read_text

if TYPE_CHECKING:
    import httpx

app = typer.Typer(
    name="story",
    help="Send stories to a front, find and show them, and print what changed.",
    no_args_is_help=True,
)

Name = Annotated[str, typer.Argument(help="Your id of the story.")]
To = Annotated[str, typer.Option("--to", help="The language of the version.")]
Server = Annotated[str, typer.Option(help="The front's address.")]
HERE = "http://127.0.0.1:8000"


@app.command()
def put(name: Name, file: File, to: To, source: Source = None, server: Server = HERE) -> None:
    """Send a story or a new revision of it, and print its translation."""
    body = {"text": read_text(file), "source": source, "targets": [to]}
    with _client(server) as client:
        _json(client.put(_path(name), json=body, headers={"Prefer": "wait=60"}))
        _print(_json(client.get(_path(name, to))))


@app.command()
def show(name: Name, to: To, as_json: Json = False, server: Server = HERE) -> None:
    """Print a version of a story."""
    with _client(server) as client:
        answer = client.get(_path(name, to))
        version = _json(answer)
    typer.echo(answer.text) if as_json else _print(version)


@app.command("list")
def list_stories(
    words: Annotated[
        list[str] | None, typer.Argument(help="Words of ids, titles and texts in all languages.")
    ] = None,
    to: Annotated[str | None, typer.Option("--to", help="With a version in this language.")] = None,
    state: Annotated[str | None, typer.Option(help="With a version in this state.")] = None,
    page: Annotated[int, typer.Option(min=0, help="Of twenty stories, from 0.")] = 0,
    as_json: Json = False,
    server: Server = HERE,
) -> None:
    """Print stories, the last changed first: id, title, and the state of each version."""
    wanted = {"query": " ".join(words or []), "target": to, "state": state, "page": page}
    with _client(server) as client:
        answer = client.get(
            "/v1/stories", params={name: one for name, one in wanted.items() if one is not None}
        )
        found = _json(answer)
    if as_json:
        typer.echo(answer.text)
        return
    for story in found["stories"]:
        states = "  ".join(f"{one['target']} {one['state']}" for one in story["versions"])
        typer.echo(f"{story['id']}  {story['title']}  {states}")
    typer.echo(f"{found['total']} stories", err=True)


@app.command()
def diff(name: Name, to: To, server: Server = HERE) -> None:
    """Print what the last revision changed, in both languages."""
    with _client(server) as client:
        version = _json(client.get(_path(name, to)))
    for segment in version["segments"]:
        if segment["change"] == "unchanged":
            continue
        typer.echo(f"{segment['number']}  {segment['change']}")
        before = segment["previous"] or {}
        _lines(before.get("source"), segment["source"])
        _lines(before.get("target"), segment["target"])
    for gone in version["removed"]:
        typer.echo("-  removed")
        _lines(gone["source"], None)
        _lines(gone["target"], None)


def _lines(old: str | None, new: str | None) -> None:
    if old is not None and old != new:
        typer.echo(f"   - {old}")
    if new is not None:
        typer.echo(f"   + {new}")


def _print(version: dict[str, Any]) -> None:
    """Print the version's text; end the command if there is none."""
    if version["state"] == "failed":
        fail(version["error"]["detail"], ExitCode.FAILED)
    if version["state"] == "translating":
        fail("The story is still being translated: try again later.", ExitCode.FAILED)
    texts = version["article"] or {"text": version["text"]}
    typer.echo("\n\n".join(text for text in texts.values() if text))


def _json(answer: "httpx.Response") -> dict[str, Any]:
    """Return the answer's object; end the command if it is a problem."""
    from cli.server import checked

    found: dict[str, Any] = checked(answer).json()
    return found


def _path(name: str, target: str | None = None) -> str:
    """The path of a story, or of its version in a language."""
    story = f"/v1/stories/{quote(name, safe='')}"
    return story if target is None else f"{story}/versions/{quote(target, safe='')}"


@contextmanager
def _client(server: str) -> Iterator["httpx.Client"]:
    from cli.server import connect
    from service.settings import get_settings

    with connect(server, get_settings()) as client:
        yield client
