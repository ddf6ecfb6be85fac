"""The running stack of a data folder: where it is, so that other commands find it."""

import os
from pathlib import Path

from pydantic import BaseModel, ValidationError

from cli.common import DATA


class State(BaseModel):
    """The addresses of a running stack."""

    address: str
    redis_url: str


def write_state(folder: Path, state: State) -> Path:
    """Write the state, readable by this user only: the URL of Redis has its password."""
    file = _file(folder)
    file.touch(mode=0o600)
    file.write_text(state.model_dump_json(), encoding="utf-8")
    return file


def find_state(folder: Path = DATA) -> State | None:
    """The state of the stack that runs on the folder; None if there is none."""
    try:
        return State.model_validate_json(_file(folder).read_text(encoding="utf-8"))
    except (OSError, ValidationError):
        return None


def use_running_stack() -> None:
    """Let the settings be those of the stack on `data`, where the environment names no other Redis."""
    state = find_state()
    if state is not None and "DRAGOMAN_REDIS_URL" not in os.environ:
        host, _, port = state.address.removeprefix("http://").rpartition(":")
        os.environ["DRAGOMAN_REDIS_URL"] = state.redis_url
        os.environ.setdefault("DRAGOMAN_HOST", host)
        os.environ.setdefault("DRAGOMAN_PORT", port)


def _file(folder: Path) -> Path:
    return folder / "stack.json"
