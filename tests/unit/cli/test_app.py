import subprocess
import sys


def test_help_imports_nothing_that_only_a_command_needs() -> None:
    code = """
import sys
from typer.testing import CliRunner
from cli.app import app

result = CliRunner().invoke(app, ["--help"])
assert result.exit_code == 0
assert "translate" in result.stdout
slow = {"celery", "ctranslate2", "httpx", "pydantic_settings", "redis", "torch", "transformers"}
assert not slow & set(sys.modules), slow & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", code], check=True)
