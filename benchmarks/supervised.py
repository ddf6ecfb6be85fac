"""A stack that is tended, as by `dragoman up`, while something is done to it."""

import os
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from cli.stack import Stack, running

T = TypeVar("T")


def supervised(data: Path, drive: Callable[[Stack], T]) -> T:
    """What `drive` gives, which runs beside a stack with its data in the folder."""
    with (
        running(data=data, host="127.0.0.1", port=0, workers=1) as stack,
        ThreadPoolExecutor(1) as pool,
    ):

        def run() -> T:
            try:
                return drive(stack)
            finally:
                os.kill(os.getpid(), signal.SIGTERM)  # ends `supervise`

        driven = pool.submit(run)
        stack.supervise(lambda line: print(f"  {line}", flush=True))
        return driven.result()
