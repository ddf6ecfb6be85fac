"""The folder of `dragoman up`: who may read it, what stays in it, and what happens where it is unfit."""

import json
import stat
import subprocess
from pathlib import Path

import pytest
import redis

from tests.integration.conftest import run, until
from tests.integration.rig import up

pytestmark = pytest.mark.integration

SECRET = "The xylophonist of Ouagadougou resigned on Monday."
RESIGNED = "Ouagadougou"
WISH = {"text": SECRET, "source": "en", "target": "es"}


def files_with(folder: Path, word: str) -> list[Path]:
    return [
        path for path in folder.rglob("*") if path.is_file() and word.encode() in path.read_bytes()
    ]


def test_deleted_texts_leave_the_folder_and_nobody_else_may_read_it(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with up(data) as rig:
        job_id = rig.post(SECRET)
        rig.results([job_id])
        line = json.dumps({"custom_id": "a", "task": "translate", **WISH})
        headers = {"Content-Type": "application/jsonl"}
        batch = rig.client.post("/v1/batches", content=line, headers=headers).json()
        where = f"/v1/batches/{batch['id']}"
        until(lambda: rig.client.get(where).json()["state"] == "succeeded")
        until(lambda: bool(files_with(data / "redis", RESIGNED)))  # it is synced each second
        open_to_others = [
            path for path in data.rglob("*") if stat.S_IMODE(path.stat().st_mode) & 0o077
        ]
        assert open_to_others == []
        assert stat.S_IMODE(data.stat().st_mode) == 0o700
        with (
            redis.Redis.from_url(f"redis://{rig.redis_url.rpartition('@')[2]}") as stranger,
            pytest.raises(redis.ResponseError),
        ):
            stranger.get("dragoman:keys")
        assert rig.client.delete(f"/v1/jobs/{job_id}").status_code == 204
        assert rig.client.delete(where, params={"forget": "true"}).status_code == 204
        rig.store.client.hdel("dragoman:journal", "rewritten")  # as if a minute had passed
        until(lambda: files_with(data, RESIGNED) == [])


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("with space", "without spaces"),
        ("file", "Not a directory"),
        ("file/below", "Not a directory"),
        ("/proc/dragoman", "choose another --data"),
    ],
)
def test_an_unfit_folder_is_one_line(tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / "file").touch()
    done = run("up", "--port", "0", "--data", str(tmp_path / name))
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert said in line
    assert "choose another --data" in line


def test_a_damaged_append_only_file_is_one_line_and_can_be_repaired(tmp_path: Path) -> None:
    with up(tmp_path) as rig:
        rig.results([rig.post("The vote is in July.")])
    (increment,) = (tmp_path / "redis" / "appendonlydir").glob("*.incr.aof")
    written = increment.read_bytes()
    increment.write_bytes(written + b"*3\r\n$damaged\r\n" + written)
    done = run("up", "--port", "0", "--data", str(tmp_path))
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert "damaged" in line
    command = line.partition("with: ")[2]
    subprocess.run(["bash", "-c", command], input=b"y\n", check=True, capture_output=True)
    with up(tmp_path) as rig:
        rig.results([rig.post("The vote is in June.")])
