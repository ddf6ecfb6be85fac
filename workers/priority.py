"""A worker of batches gives way to an editor's on the same processors."""

import os
from pathlib import Path


def give_way(niceness: int, autogroup: Path = Path("/proc/self/autogroup")) -> None:
    """Be so nice from now on, and each child with us: others who want the processor get it first.

    Linux may share the processors among sessions before it looks at processes (sched(7), autogroup).
    A session that we lead is then made as nice; another's, a terminal's perhaps, is left alone.
    """
    os.nice(niceness)
    if autogroup.exists() and os.getsid(0) == os.getpid():
        autogroup.write_text(str(niceness), encoding="ascii")
