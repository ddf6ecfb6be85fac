"""LibreTranslate in an environment of its own, with Dragoman's embedded models as Argos packages."""

import json
import shutil
import subprocess
import venv
from importlib.metadata import version
from pathlib import Path

from models.engines.conversion import ensure_converted
from models.engines.loading import select_local_device
from service.settings import Settings

REQUIREMENTS = (
    "libretranslate==1.9.6",
    # The engine as Dragoman has it.
    f"ctranslate2=={version('ctranslate2')}",
    f"sentencepiece=={version('sentencepiece')}",
    # The splitter: the model of LibreTranslate's default one is fetched from GitHub when first used. spaCy's
    # rules need no model, and are faster.
    "spacy==3.7.5",
    "numpy==1.26.4",
    "onnxruntime==1.32.0",
)
PAIRS = (("en", "English", "es", "Spanish"), ("es", "Spanish", "en", "English"))
"""Both: with fewer than two packages LibreTranslate fetches its own when it starts."""


def install(folder: Path) -> None:
    """Create the environment in the folder, unless it is there, and the packages.

    Raises CalledProcessError if pip fails.
    """
    stamp = folder / "installed.txt"
    if not stamp.exists() or stamp.read_text().split() != list(REQUIREMENTS):
        venv.create(folder / "venv", clear=True, with_pip=True)
        pip = [str(_python(folder)), "-m", "pip", "install", "--quiet"]
        subprocess.run([*pip, "--disable-pip-version-check", *REQUIREMENTS], check=True)
        stamp.write_text("\n".join(REQUIREMENTS))
    shutil.rmtree(folder / "packages", ignore_errors=True)
    for pair in PAIRS:
        _package(folder, *pair)
    # Argos Translate fetches a model of spaCy where this is missing, also if the packages have theirs.
    (folder / "cache" / "argos-translate" / "spacy" / "senter" / "model").mkdir(
        parents=True, exist_ok=True
    )


def command(folder: Path, port: int) -> list[str]:
    """The command that serves on a port of this machine."""
    return [str(folder / "venv" / "bin" / "libretranslate"), "--port", str(port)]


def environment(folder: Path) -> dict[str, str]:
    """The variables that make it use the packages, and nothing of this user's."""
    return {
        "ARGOS_CHUNK_TYPE": "SPACY",
        "ARGOS_PACKAGES_DIR": str(folder / "packages"),
        "XDG_CACHE_HOME": str(folder / "cache"),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "XDG_DATA_HOME": str(folder / "data"),
    }


def _python(folder: Path) -> Path:
    return folder / "venv" / "bin" / "python"


def _package(folder: Path, source: str, source_name: str, target: str, target_name: str) -> None:
    """Write one embedded model, as Dragoman converts it, as an installed Argos package."""
    settings = Settings()
    model = settings.load_catalogue().get(f"embedded/{source}-{target}", "translate")
    assert model.folder is not None
    package = folder / "packages" / f"translate-{source}_{target}"
    converted = ensure_converted(select_local_device(model), settings.models_dir)
    shutil.copytree(converted, package / "model")
    config = package / "model" / "config.json"
    # Dragoman ends each sentence with the end token itself; Argos Translate leaves it to the engine.
    config.write_text(json.dumps(json.loads(config.read_text()) | {"add_source_eos": True}))
    # Both languages of an embedded model have the same pieces.
    shutil.copy(model.folder / "source.spm", package / "sentencepiece.model")
    about = {
        "package_version": "1.0",
        "argos_version": "1.9",
        "from_code": source,
        "from_name": source_name,
        "to_code": target,
        "to_name": target_name,
    }
    (package / "metadata.json").write_text(json.dumps(about))
    blank = f"import spacy; spacy.blank({source!r}).to_disk({str(package / 'spacy')!r})"
    subprocess.run([str(_python(folder)), "-W", "ignore", "-c", blank], check=True)
