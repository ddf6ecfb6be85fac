import subprocess
import sys
import time

import pytest

from cli.stack import Part


def test_a_part_that_ends_is_restarted_later_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    reported: list[str] = []
    part = Part("worker", "its log", lambda: subprocess.Popen([sys.executable, "-c", "exit(3)"]))
    waits = []
    for _ in range(7):
        ended = part.process
        ended.wait()
        wait = part.restart_if_ended(reported.append)
        assert wait is not None
        waits.append(wait)
        now += wait
        assert part.restart_if_ended(reported.append) is None
        assert part.process is not ended
    assert waits == [1, 2, 4, 8, 16, 30, 30]
    assert reported[0] == "worker ended with 3: restarting in 1 s; see its log"
    assert len(reported) == len(waits)

    now += 31  # it ran for long
    part.process.wait()
    assert part.restart_if_ended(reported.append) == 1
