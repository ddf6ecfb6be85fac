"""The process priority of batch workers: lower than that of interactive workers."""

import os
from pathlib import Path


def lower_priority(niceness: int, autogroup: Path = Path("/proc/self/autogroup")) -> None:
    """Raise the niceness of this process and its future children.

    Linux may distribute the processors among sessions before processes (sched(7), autogroup). The
    niceness of a session that this process leads is set too; that of another, such as a terminal, is not.
    """
    os.nice(niceness)
    if autogroup.exists() and os.getsid(0) == os.getpid():
        autogroup.write_text(str(niceness), encoding="ascii")
