import subprocess
import sys

FORK = """
import os
from workers.heartbeat import StopFlag

flag = StopFlag()
reader, writer = os.pipe()
child = os.fork()
if child == 0:
    before = flag.is_set()
    os.write(writer, b"ready")
    while not flag.is_set():
        pass
    os._exit(1 if before else 0)
os.read(reader, 5)
flag.set()
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def test_a_stop_flag_raised_by_the_parent_is_seen_by_its_children() -> None:
    done = subprocess.run(
        [sys.executable, "-c", FORK], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "0"
