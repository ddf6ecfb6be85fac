"""What Linux says of processes."""

import os
from pathlib import Path


def children(pid: int) -> list[int]:
    """The processes that a process has started; none where it has ended."""
    try:
        # Those of every thread: whichever started the child is its parent.
        tasks = Path(f"/proc/{pid}/task").glob("*/children")
        return [int(child) for task in tasks for child in task.read_text().split()]
    except FileNotFoundError:
        return []


def resident_mib(pid: int) -> float:
    """What a process and those below it have in memory; 0 where it has ended."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except FileNotFoundError:
        return 0.0
    own = pages * os.sysconf("SC_PAGE_SIZE") / 2**20
    return own + sum(map(resident_mib, children(pid)))


def peak_mib(pid: int) -> int:
    """The most that a process ever had in memory. getrusage would count what it was forked from."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    (line,) = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) // 1024


def processor_seconds(pid: int) -> float:
    """What a process and those below it have had of the processors; 0 where it has ended."""
    try:
        # After the name in brackets: utime and stime are the 14th and the 15th field (proc_pid_stat(5)).
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0
    own = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return own + sum(map(processor_seconds, children(pid)))
