import subprocess
import sys
from pathlib import Path

import pytest

AUTOGROUP = Path("/proc/self/autogroup")


@pytest.mark.parametrize("leads", [True, False])
def test_a_session_is_as_nice_as_its_leader(leads: bool) -> None:
    code = (
        "import os; from workers.priority import lower_priority, Path; lower_priority(7); print(os.nice(0));"
        "group = Path('/proc/self/autogroup'); print(group.exists() and group.read_text())"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, start_new_session=leads
    )
    process, group = done.stdout.splitlines()[:2]
    assert int(process) >= 7
    if AUTOGROUP.exists():
        assert ("nice 7" in group) is leads
