"""The commands of README and quickstart, as a reader pastes them into a shell in the repository."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from cli.stack import Stack
from tests.conftest import ROOT
from tests.integration.conftest import DRAGOMAN

pytestmark = pytest.mark.integration

SHOWN = ("cat ", "head -1 docs/")
"""The commands whose output is that of a file in the repository, and not of a model."""
STARTING = re.compile(r"make |export PATH|\.venv/bin/dragoman up$")
"""What was done before: the environment, and the stack."""


def commands(page: str, prompt: str) -> list[tuple[str, str]]:
    """The commands of a page, in the blocks that begin with the prompt, and what is shown as their output."""
    text = (ROOT / page).read_text(encoding="utf-8")
    found: list[tuple[str, str]] = []
    for block in re.findall(r"^```\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        for part in re.split(rf"^{re.escape(prompt)}(?=\S)", block, flags=re.MULTILINE)[1:]:
            command = re.match(r"(.*[|\\]\n)*.*\n", part)
            assert command is not None
            found.append((command[0].strip(), part[command.end() :]))
    return [one for one in found if not STARTING.match(one[0])]


@pytest.mark.skipif(shutil.which("jq") is None, reason="jq is not installed")
@pytest.mark.parametrize(
    ("page", "prompt", "number"), [("README.md", "$ ", 6), ("docs/quickstart.md", "", 3)]
)
def test_every_command_runs_as_pasted(
    page: str, prompt: str, number: int, stack: Stack, tmp_path: Path
) -> None:
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "dragoman").symlink_to(DRAGOMAN)
    path = f"{tmp_path / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"
    own = {"PATH": path, "DRAGOMAN_DATABASE_URL": f"sqlite:///{tmp_path}/own.db"}
    found = commands(page, prompt)
    assert len(found) == number
    for command, output in found:
        done = subprocess.run(
            ["bash", "-o", "pipefail", "-c", re.sub(r"\S+:8000", stack.address, command)],
            cwd=tmp_path,
            env=os.environ | own,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, f"{command}\n{done.stderr}"
        assert done.stdout or done.stderr, command
        assert done.stdout.strip() != "null", command  # jq found no result
        if command.startswith(SHOWN):
            assert done.stdout.strip() == output.strip(), command
