import subprocess
import sys


def test_the_front_and_the_worker_parent_do_not_load_torch() -> None:
    for module in ("service.app", "workers.tasks", "dragoman"):
        code = f"import {module}, sys; assert not {{'torch', 'transformers'}} & set(sys.modules)"
        subprocess.run([sys.executable, "-c", code], check=True)
