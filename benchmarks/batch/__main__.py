"""What a batch costs and whom it disturbs: `python -m benchmarks.batch [PART…]`.

Each part starts a stack of its own and prints one table:

- `throughput`: a batch through HTTP, Redis and Celery against the bare engine on the same sentences and
  processors, and against the pipeline in one process; the three take turns.
- `scale`: ten times the items against the time; headlines.
- `workers`: two workers of one processor each against one.
- `editor`: an article of 400 words while a batch runs, against the same when nothing does.
- `fairness`: two clients, the second later and smaller: who got what share of the workers.
- `memory`: the resident memory of each part over a long batch of headlines, in quarters; one in ten is
  translated, the others are summarized, which takes no model.
- `intake`: the largest batch that a front takes, and its memory meanwhile.
- `redis`: commands and bytes of Redis for each chunk.
- `machines`: workers that only wait as long as a chunk takes, as many as `--machines` have: how busy one
  front and one Redis keep them, and how many chunks a second they manage at most.

Sentences are news commentary, an item each; headlines are the first six words of such. Run it on an idle
machine.
"""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.batch.cost import intake, memory, redis_cost
from benchmarks.batch.growth import scale, workers
from benchmarks.batch.machines import machines
from benchmarks.batch.sharing import editor, fairness
from benchmarks.batch.throughput import throughput

DATA = Path(__file__).parents[3] / "shared" / "data" / "parallel" / "news-commentary.en.xz"


def main() -> None:
    """Run the parts that are asked for, else all."""
    parts: dict[str, Callable[[argparse.Namespace], list[dict[str, Any]]]] = {
        "throughput": throughput,
        "scale": scale,
        "workers": workers,
        "editor": editor,
        "fairness": fairness,
        "memory": memory,
        "intake": intake,
        "redis": redis_cost,
        "machines": machines,
    }
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.batch",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(parts))
    parser.add_argument("--source", type=Path, default=DATA, help="a sentence a line, .xz")
    parser.add_argument("--items", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--processes", type=int, default=2, help="of a batch worker, but in workers"
    )
    parser.add_argument("--large", type=int, default=10_000, help="items of scale and editor")
    parser.add_argument("--long", type=int, default=50_000, help="items of memory")
    parser.add_argument("--machines", type=int, nargs="+", default=[1, 5, 20, 50])
    parser.add_argument("--chunk-seconds", type=float, default=3.0, help="of machines' workers")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    if unknown := set(arguments.parts) - set(parts):
        parser.error(f"no such part: {', '.join(unknown)}")
    report = {}
    for name in arguments.parts or parts:
        print(f"{name}: started", file=sys.stderr)
        report[name] = parts[name](arguments)
        print(f"\n{name}")
        for row in report[name]:
            print("  " + "  ".join(f"{key} {_shown(value)}" for key, value in row.items()))
        sys.stdout.flush()
    if arguments.json:
        arguments.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


def _shown(value: object) -> str:
    return f"{value:,.3f}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    main()
