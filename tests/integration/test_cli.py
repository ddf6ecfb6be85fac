"""The command line as a process."""

import json
import os
import re
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from cli.stack import Stack, StackError, running
from cli.state import State, write_state
from models.catalogue import Model
from tests.integration.conftest import DRAGOMAN, run, until

pytestmark = pytest.mark.integration


def test_a_piped_text_needs_no_argument() -> None:
    text = "By Jane Doe\n\nThe vote is in July."
    done = run("translate", "--to", "es", "--effort", "fast", "--quiet", stdin=text)
    assert done.returncode == 0
    assert "julio" in done.stdout
    assert done.stderr == ""


def test_the_name_of_a_language_gets_its_code() -> None:
    done = run("translate", "--from", "en", "--to", "spanish", "--quiet", stdin="It is late.")
    assert done.returncode == 3
    assert "Did you mean es, Spanish?" in done.stderr


def test_translate_prints_the_text_alone_on_stdout() -> None:
    done = run("translate", "-", "--to", "es", stdin="ON NOW\n\nThe vote is in July.\n")
    assert done.returncode == 0, done.stderr
    assert "julio" in done.stdout
    assert "ON NOW" not in done.stdout
    assert "left out as page boilerplate: “ON NOW”" in done.stderr
    kept = run("translate", "-", "--to", "es", "--keep-furniture", stdin="ON NOW\n\nIt is late.\n")
    assert kept.stdout.startswith("ON NOW\n\n"), kept.stdout
    assert "kept as page boilerplate: “ON NOW”" in kept.stderr


def test_what_could_not_be_done_as_asked_is_said(article: str) -> None:
    short = run("summarize", "-", "--words", "3", stdin=article)
    assert short.returncode == 0
    assert re.search(r"^note: .*maximum was 3", short.stderr, re.MULTILINE), short.stderr
    region = run("translate", "-", "--from", "en", "--to", "es-MX", stdin="It is late.")
    assert "note: " in region.stderr
    assert "MX" in region.stderr


def test_translate_prints_json() -> None:
    done = run(
        "translate", "-", "--from", "en", "--to", "es", "--json", stdin="The vote is in July."
    )
    assert json.loads(done.stdout)["segments"][0]["source"] == "The vote is in July."


def test_translate_writes_a_document(tmp_path: Path) -> None:
    page, out = tmp_path / "story.html", tmp_path / "story.es.html"
    page.write_bytes(b"<p>The vote is\r\nin <b>July</b>.</p>\r\n")
    done = run("translate", str(page), "--from", "en", "--to", "es", "-o", str(out))
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert out.read_bytes().endswith(b"<b>julio</b>.</p>\r\n")


def test_translate_writes_several_files_and_folders(tmp_path: Path) -> None:
    (tmp_path / "in" / "sub").mkdir(parents=True)
    (tmp_path / "in" / "sub" / "a.md").write_text("# In *July*\n", encoding="utf-8")
    (tmp_path / "in" / "b.docx").write_bytes(b"no zip file")
    (tmp_path / "in" / "c.png").write_bytes(b"\x89PNG")
    (tmp_path / "d.html").write_text("<p>The vote is in July.</p>", encoding="utf-8")
    command = (
        "translate",
        str(tmp_path / "in"),
        str(tmp_path / "d.html"),
        "--from",
        "en",
        "--to",
        "es",
    )
    done = run(*command, "-o", str(tmp_path / "out"))
    assert done.returncode == 1, done.stderr
    assert "b.docx is left out: The document is not an office file" in done.stderr
    assert "1 of 3 files" in done.stderr
    written = {path.name: path.read_text() for path in (tmp_path / "out").rglob("*.*")}
    assert set(written) == {"a.md", "d.html"}
    assert written["a.md"].startswith("# En *julio*")
    assert "julio" in written["d.html"]
    assert run(*command).returncode == 3
    assert run(*command, "-o", str(tmp_path)).returncode == 3


def test_flagged_sentences_are_printed_with_their_reasons(
    tiny: Callable[[str], Model], tmp_path: Path
) -> None:
    # A model with random weights: whatever it writes is flagged.
    where = own_catalogue(tiny("marian"), tmp_path)
    command = ("translate", "-", "--from", "en", "--to", "es", "--model", "mine")
    text = "The mayor freed 107 people on Tuesday."
    # The byline is translated by rule, and is right.
    done = run(*command, stdin=f"By Jane Doe\n\n{text}", environment=where)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Por Jane Doe\n\n")
    assert "Jane Doe" not in done.stderr
    assert f"check: {text} → " in done.stderr
    assert re.search(r"  error: .* \([a-z-]+\)$", done.stderr, re.MULTILINE)
    assert run(*command, "--strict", stdin=text, environment=where).returncode == 4
    clean = ("translate", "-", "--from", "en", "--to", "es", "--strict")
    assert run(*clean, stdin="The vote is in July.").returncode == 0


@pytest.mark.parametrize("name", ["article.txt", "article.md"])
def test_summarize_a_file(tmp_path: Path, article: str, name: str) -> None:
    path = tmp_path / name
    path.write_text(article, encoding="utf-8")
    done = run("summarize", str(path), "--words", "50", "--style", "bullets")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("- ")
    assert len(done.stdout.replace("- ", "").split()) <= 50


@pytest.mark.parametrize(
    ("arguments", "stdin", "code", "says"),
    [
        (["translate", "-", "--to", "es"], " \n", 3, "empty"),
        (["translate", "-", "--to", "fr", "--from", "en"], "Hello.", 3, "en→es"),
        (["translate", "-", "--to", "es"], b"\xff\xfe\xfa", 3, "not UTF-8"),
        (["translate", "/nowhere", "--to", "es"], "", 3, "No such file"),
        (["translate", "-"], "Hello.", 2, "--to"),
        (["summarize", "-", "--words", "9", "--sentences", "2"], "Hello there.", 3, "Give one of"),
        (["summarize", "-", "--style", "poem", "--from", "en"], "Hello there.", 3, "style"),
    ],
)
def test_refused_input_gives_one_line_and_an_exit_code(
    arguments: list[str], stdin: str | bytes, code: int, says: str
) -> None:
    done = run(*arguments, stdin=stdin)
    assert done.returncode == code, done.stderr
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_models_are_listed_with_their_fixes(tmp_path: Path) -> None:
    where = {"DRAGOMAN_MODELS_DIR": str(tmp_path)}
    listed = run("models", "list", environment=where).stdout
    assert re.search(r"embedded/en-es +translate +en +es +ctranslate2 +MPL-2.0 +ready", listed)
    assert "needs: dragoman models fetch opus-mt-fr-en" in listed
    assert "needs: dragoman models pin opus-mt-en-de" in listed
    assert "needs: DRAGOMAN_ALLOW_NONCOMMERCIAL=true" in listed
    assert run("models", environment=where).stdout == listed


def test_up_keeps_its_records_and_stops_every_process(tmp_path: Path) -> None:
    where = ""
    for _ in range(2):  # the second start is on the first one's data
        process = subprocess.Popen(
            [DRAGOMAN, "up", "--port", "0", "--data", str(tmp_path)],
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line)
            if "Ctrl-C" in line:
                break
        address = re.search(r"http://[\d.:]+", "".join(lines))
        assert address is not None
        with httpx.Client(base_url=address.group(), timeout=90) as client:
            if where:
                assert client.get(where).json()["state"] == "succeeded"
            body = {"text": "The vote is in July.", "source": "en", "target": "es"}
            answer = client.post("/v1/translations", json=body, headers={"Prefer": "wait=60"})
            assert answer.json()["state"] == "succeeded"
            where = answer.headers["Location"]
        parts = [int(pid) for pid in re.findall(r"pid (\d+)", "".join(lines))]
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
        process.stdout.close()
        for pid in parts:
            with pytest.raises(ProcessLookupError):
                os.kill(pid, 0)


@pytest.mark.parametrize("command", [("up", "--port", "0"), ("serve",), ("models", "list")])
def test_a_wrong_catalogue_stops_every_process_with_file_line_and_fix(
    command: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "own.toml").write_text('["own"]\ntask = "translate"\nfamly = "marian"\n')
    data = ("--data", str(tmp_path / "data")) if "up" in command else ()
    done = run(*command, *data, environment={"DRAGOMAN_CATALOGUE": str(tmp_path / "own.toml")})
    assert done.returncode == 1
    *logged, line = done.stderr.splitlines()
    assert command == ("serve",) or logged == []  # a front logs its limits first
    assert f"{tmp_path / 'own.toml'}, line " in line
    assert "family: is missing" in line or "did you mean `family`?" in line


def test_a_second_stack_on_the_same_data_is_refused(tmp_path: Path) -> None:
    with (
        running(data=tmp_path, host="127.0.0.1", port=0, workers=1),
        pytest.raises(StackError, match="Another stack"),
        running(data=tmp_path, host="127.0.0.1", port=0, workers=1),
    ):
        pass


def test_the_demo_shows_the_article_and_stops_everything(tmp_path: Path, article: str) -> None:
    path = tmp_path / "article.txt"
    path.write_text("\n\n".join(article.split("\n\n")[4:6]), encoding="utf-8")
    done = run("demo", str(path), "--data", str(tmp_path / "data"), environment={"COLUMNS": "400"})
    assert done.returncode == 0, done.stderr
    for words in ("español", "27 años", "Its summary", "Translated in"):
        assert words in done.stdout
    assert processes_on(tmp_path) == []


def test_ctrl_c_stops_the_demo_and_all_it_started(tmp_path: Path, article: str) -> None:
    path = tmp_path / "article.txt"
    path.write_text(article, encoding="utf-8")
    process = subprocess.Popen(
        [DRAGOMAN, "demo", str(path), "--data", str(tmp_path / "data")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    log = tmp_path / "data" / "logs" / "worker-interactive.log"
    until(lambda: log.exists() and "consumer" in log.read_text(encoding="utf-8"))
    process.send_signal(signal.SIGINT)
    assert process.wait(60) != 0
    assert processes_on(tmp_path) == []


def jobs(client: httpx.Client) -> int:
    """The number of jobs that the front has had."""
    total: int = client.get("/v1/jobs").json()["total"]
    return total


@pytest.mark.parametrize("name", ["story.txt", "story.html"])
def test_the_stack_that_runs_in_the_folder_does_the_work(
    tmp_path: Path, stack: Stack, client: httpx.Client, name: str
) -> None:
    (tmp_path / name).write_text(f"<p>The vote on {name} is in July.</p>", encoding="utf-8")
    (tmp_path / "data").mkdir()
    state = write_state(tmp_path / "data", State(address=stack.address, redis_url=stack.redis_url))
    own = {key: value for key, value in os.environ.items() if not key.startswith("DRAGOMAN_")}

    def translated(**settings: str) -> str:
        command = [DRAGOMAN, "translate", name, "--from", "en", "--to", "es"]
        done = subprocess.run(
            command, cwd=tmp_path, env=own | settings, capture_output=True, text=True, check=True
        )
        return done.stdout

    before = jobs(client)
    by_stack = translated()
    assert "julio" in by_stack
    assert jobs(client) == before + 1
    # Settings of this process do not reach the stack, and a stack may have been killed.
    database = f"sqlite:///{tmp_path}/own.db"
    assert translated(DRAGOMAN_DATABASE_URL=database) == by_stack
    state.write_text(json.dumps({"address": "http://127.0.0.1:1", "redis_url": stack.redis_url}))
    assert "julio" in translated()
    assert jobs(client) == before + 1


def test_a_server_does_the_work_and_its_refusals_are_messages(
    stack: Stack, client: httpx.Client, article: str, tmp_path: Path
) -> None:
    server = ("--server", stack.address.removeprefix("http://"))
    before = jobs(client)
    done = run("summarize", "-", "--words", "50", *server, stdin=article)
    assert done.returncode == 0, done.stderr
    assert 0 < len(done.stdout.split()) <= 50
    assert jobs(client) == before + 1
    refused = run("translate", "-", "--from", "en", "--to", "fr", *server, stdin="Hello there.")
    assert (refused.returncode, refused.stdout) == (3, "")
    assert "en→fr" in refused.stderr
    terms = tmp_path / "terms.tsv"
    terms.write_text("vote\tvoto\n", encoding="utf-8")
    by_file = run("translate", "-", "--to", "es", "--glossary", str(terms), *server, stdin="Hi.")
    assert by_file.returncode == 3
    assert "by their names" in by_file.stderr


@pytest.mark.parametrize(
    ("server", "command"),
    [
        ("http://127.0.0.1:1", ("translate", "story.txt", "--to", "es")),
        ("localhost:1", ("summarize", "story.txt")),
        ("ftp://x", ("batch", "run", "story.txt", "--to", "es", "--out", "out.jsonl")),
        ("http://x:y", ("story", "show", "x", "--to", "es")),
    ],
)
def test_a_wrong_server_is_reported_at_once(
    server: str, command: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("story.txt").write_text("The vote is in July.", encoding="utf-8")
    done = run(*command, "--server", server)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert "No Dragoman front answers at" in line
    assert [path.name for path in tmp_path.iterdir()] == ["story.txt"]


def test_health_of_front_and_workers(stack: Stack) -> None:
    where = {
        "DRAGOMAN_REDIS_URL": stack.redis_url,
        "DRAGOMAN_PORT": stack.address.rpartition(":")[2],
    }
    assert run("health", environment=where).returncode == 0
    assert run("health", "--queue", "batch", environment=where).returncode == 0
    nobody = {"DRAGOMAN_REDIS_URL": "redis://127.0.0.1:1/0", "DRAGOMAN_PORT": "1"}
    assert run("health", environment=nobody).returncode == 1
    assert run("health", "--queue", "batch", environment=nobody).returncode == 1


def processes_on(folder: Path) -> list[str]:
    """The command lines of the processes that hold a file open under the folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            links = [os.readlink(link) for link in (process / "fd").iterdir()]
            if any(link.startswith(str(folder)) for link in links):
                found.append((process / "cmdline").read_text())
        except OSError:
            continue  # it has ended, or belongs to another user
    return found


def own_catalogue(model: Model, folder: Path) -> dict[str, str]:
    """Settings with a catalogue in the folder that has the model as `mine`."""
    fields = model.model_dump(mode="json", exclude={"id", "codes"}, exclude_none=True)
    lines = [f"{name} = {json.dumps(value)}" for name, value in fields.items()]
    codes = [f"{language} = {json.dumps(code)}" for language, code in model.codes.items()]
    catalogue = folder / "mine.toml"
    entry = ['["mine"]', *lines, '["mine".codes]', *codes]
    catalogue.write_text("\n".join(entry), encoding="utf-8")
    return {
        "DRAGOMAN_CATALOGUE": str(catalogue),
        "DRAGOMAN_MODELS_DIR": str(folder),
        "DRAGOMAN_ALLOW_NONCOMMERCIAL": "true",
    }


@pytest.mark.parametrize("family", ["nllb", "t5"])
def test_a_model_of_an_own_catalogue_translates(
    tiny: Callable[[str], Model], tmp_path: Path, family: str
) -> None:
    where = own_catalogue(tiny(family), tmp_path)
    assert "mine" in run("models", environment=where).stdout
    command = ("translate", "-", "--from", "en", "--to", "fr", "--json")
    done = run(*command, stdin="The storm came.", environment=where)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["segments"][0]["models"] == ["mine"]


def test_an_unavailable_device_is_an_error_without_fallback() -> None:
    where = {"DRAGOMAN_DEVICE": "cuda:63"}
    command = ("translate", "-", "--from", "en", "--to", "es")
    done = run(*command, stdin="The vote is in July.", environment=where)
    assert done.returncode == 1
    assert "cannot compute on cuda:63" in done.stderr
    assert "DRAGOMAN_DEVICE" in done.stderr
