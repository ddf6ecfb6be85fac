"""The memory of this process, and how to give what is free back to the machine."""

import ctypes
import gc
from pathlib import Path


def resident_bytes() -> int:
    """What this process holds of the machine's memory (Linux's VmRSS)."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    (line,) = [line for line in status.splitlines() if line.startswith("VmRSS:")]
    return int(line.split()[1]) * 1024


_M_ARENA_MAX = -8
"""glibc's name in `malloc.h` for the most heaps of a process."""


def share_one_heap() -> None:
    """Have all threads that are started from now on take their memory from the same heap.

    Each would keep what it frees for itself: an engine's threads, whose batches come and go, then
    hold a tenth more than they ever need at once (ADR 0016).
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:  # other C libraries have one heap, or their own ways
        mallopt(_M_ARENA_MAX, 1)


def give_back() -> None:
    """Collect what nothing refers to, and return the heap's free pages to the machine.

    Without the second glibc keeps them for itself, and a model that was let go is still paid for.
    """
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:  # other C libraries return them by themselves
        trim(0)
