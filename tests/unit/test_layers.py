import subprocess
import sys


def test_the_front_and_the_worker_parent_load_no_engine() -> None:
    for module in ("service.front.app", "workers.tasks", "dragoman"):
        engines = "{'torch', 'transformers', 'ctranslate2'}"
        code = f"import {module}, sys; assert not {engines} & set(sys.modules)"
        subprocess.run([sys.executable, "-c", code], check=True)


def test_the_command_line_shows_its_help_without_the_pipeline() -> None:
    slow = "{'pydantic', 'httpx', 'pipeline.requests', 'service.settings'}"
    code = f"import cli.app, sys; assert not {slow} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
