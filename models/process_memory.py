"""The memory of this process: how much it uses, and how to return what is free to the system."""

import ctypes
import gc
from pathlib import Path


def resident_bytes() -> int:
    """Return the resident memory of this process in bytes (`VmRSS` of Linux)."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    (line,) = [line for line in status.splitlines() if line.startswith("VmRSS:")]
    return int(line.split()[1]) * 1024


_M_ARENA_MAX = -8
"""The number of `M_ARENA_MAX`, the maximum number of heaps, in glibc's `malloc.h`."""


def use_one_heap() -> None:
    """Make all threads started from now on allocate from one heap.

    With a heap each, the threads of an engine keep what they have freed, and the process holds a
    tenth more memory than it ever uses at once (ADR 0016).
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:  # other C libraries manage their heaps differently
        mallopt(_M_ARENA_MAX, 1)


def release_free_memory() -> None:
    """Collect garbage and return free pages of the heap to the system.

    glibc keeps free pages unless asked, so an unloaded model would still occupy memory.
    """
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:  # other C libraries return free pages by themselves
        trim(0)
