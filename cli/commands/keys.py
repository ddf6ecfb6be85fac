"""`dragoman keys`: create, list and revoke API keys."""

from typing import TYPE_CHECKING, Annotated

import typer

from cli.common import given, validation
from service.jobs.scopes import Scope

if TYPE_CHECKING:
    from service.jobs.keys import KeyStore

app = typer.Typer(name="keys", help="Create, list and revoke API keys.", no_args_is_help=True)


@app.command()
def create(
    client: Annotated[
        str, typer.Argument(help="The client's name; its keys share jobs and quotas.")
    ],
    scope: Annotated[list[Scope], typer.Option(help="What the key allows; can be repeated.")],
    requests_per_minute: Annotated[
        int | None, typer.Option(min=1, help="The maximum number of requests.")
    ] = None,
    characters_per_minute: Annotated[
        int | None, typer.Option(min=1, help="The maximum number of characters.")
    ] = None,
    characters_per_month: Annotated[
        int | None, typer.Option(min=1, help="The maximum in a calendar month.")
    ] = None,
    in_flight: Annotated[
        int | None, typer.Option(min=1, help="The maximum number of unfinished jobs.")
    ] = None,
) -> None:
    """Create an API key and print it. Only its hash is kept, so it is shown once.

    A limit that is not given does not apply.
    """
    from cli.terminal import say
    from service.jobs.keys import Limits

    limits = Limits.model_validate(
        given(
            requests_per_minute=requests_per_minute,
            characters_per_minute=characters_per_minute,
            characters_per_month=characters_per_month,
            in_flight=in_flight,
        )
    )
    with validation():
        key, secret = _keys().create(client, frozenset(scope), limits)
    say(f"{key.id}: a key for {key.client}. Store it now; it cannot be shown again.")
    typer.echo(secret)


@app.command("list")
def list_keys() -> None:
    """List the keys with their clients, scopes and limits."""
    from cli.terminal import show_keys

    show_keys(_keys().all())


@app.command()
def revoke(key_id: Annotated[str, typer.Argument(help="The key's id, as listed.")]) -> None:
    """Revoke a key: its next request is refused."""
    key = _keys().revoke(key_id)
    typer.echo(f"{key.id} of {key.client} is revoked.")


def _keys() -> "KeyStore":
    from cli.state import use_running_stack
    from service.jobs.keys import KeyStore
    from service.jobs.store import JobStore
    from service.settings import get_settings

    use_running_stack()
    return KeyStore(JobStore.connect(get_settings()).client)
