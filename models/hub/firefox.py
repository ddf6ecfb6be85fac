"""Fetch the models of Firefox Translations, which are not on the hub."""

from pathlib import Path

from models.catalogue import Model
from models.errors import FetchFailed
from models.hub.integrity import sha256

PREFIX = "firefox/"


def fetch_pair(repo: str, models_dir: Path) -> Model:
    """Fetch the model of `firefox/SOURCE-TARGET` from Mozilla's service and return its entry.

    fxtranslate checks the files against the hashes of the service; they are pinned in the entry. Raises
    FetchFailed where the service cannot be reached, or has no direct model.
    """
    from fxtranslate import discovery

    source, _, target = repo.removeprefix(PREFIX).partition("-")
    cache = models_dir / "firefox"
    try:
        route = discovery.add_models(source, target, cache_dir=str(cache))
    except ValueError as error:
        raise FetchFailed(
            f"{repo} cannot be fetched ({error}). Fetch it where there is network, copy its folder "
            "and give it in a catalogue entry with the engine `firefox`."
        ) from error
    if route["kind"] != "direct":
        raise FetchFailed(
            f"There is no direct model for {source}-{target}: add {source}-{route['pivot']} and "
            f"{route['pivot']}-{target}."
        )
    folder = cache / f"{source}-{target}"
    return Model(
        id=repo,
        task="translate",
        family="marian",
        engine="firefox",
        source=(source,),
        target=(target,),
        folder=folder,
        sha256={path.name: sha256(path) for path in sorted(folder.iterdir())},
        licence="MPL-2.0",
        commercial=True,
    )
