"""What came of it: what is in the records, beside what the clients saw."""

import statistics
from collections import Counter
from collections.abc import Sequence

from benchmarks.soak.clients import Tally
from benchmarks.soak.memory import WARM_SECONDS, Memory
from service.errors import JobNotFound
from service.jobs.job import Task
from service.jobs.store import JobStore


def report(
    store: JobStore, tally: Tally, harm: Sequence[tuple[str, float | None]], memory: Memory
) -> bool:
    """Print what came of it; whether nothing was lost or doubled.

    `harm` is what was done, each with the seconds until it was got over.
    """
    states: Counter[str] = Counter()
    for job_id in tally.accepted:
        try:
            states[store.get(job_id).state.value] += 1
        except JobNotFound:
            states["cancelled" if job_id in tally.deleted else "gone"] += 1
    ended = sum(n for (task, _), n in store.finished().items() if task in set(Task))
    lost = states["gone"] + states["queued"] + states["running"]
    # Each accepted job ends once, and nothing else was made.
    doubled = ended - (len(tally.accepted) - lost)
    print(
        f"jobs in {len(tally.accepted)}: out {states['succeeded']}, failed {states['failed']}, "
        f"cancelled {states['cancelled']}, doubled {doubled}, lost {lost}"
    )
    lines = tally.lines
    missing = lines["in"] - lines["succeeded"] - lines["failed"]
    print(
        f"lines of batches in {lines['in']}: out {lines['succeeded']}, failed {lines['failed']}, "
        f"doubled {lines['doubled']}, lost {missing}"
    )
    untold = tally.callbacks - set(tally.told)
    again = sum(n - 1 for n in tally.told.values())
    print(f"webhooks asked for {len(tally.callbacks)}: untold {len(untold)}, told again {again}")
    print(f"asked again: {dict(tally.refused)}")
    for queue, all_seconds in tally.seconds.items():
        print(f"seconds from request to result, {queue}: {_quantiles(all_seconds)}")
    for fault in sorted({fault for fault, _ in harm}):
        over = [seconds for one, seconds in harm if one == fault]
        known = [seconds for seconds in over if seconds is not None]
        took = f": median {statistics.median(known):.1f}, most {max(known):.1f}" if known else ""
        print(f"{fault}, {len(over)} times, seconds until it was got over{took}")
    print("MiB, the most in each span:")
    for seconds, row in memory.rows():
        print(
            f"  {seconds:5.0f} s  " + "  ".join(f"{n} {mib:.0f}" for n, mib in sorted(row.items()))
        )
    print(f"growth of what ran longer than {WARM_SECONDS} s, in MiB:")
    for name, (mib, minutes) in sorted(memory.growth().items()):
        print(f"  {name} {mib:+.1f} in {minutes:.1f} min")
    return not (lost or doubled or missing or lines["doubled"] or untold)


def _quantiles(seconds: Sequence[float]) -> str:
    if len(seconds) < 2:
        return "too few"
    at = statistics.quantiles(seconds, n=100)
    return (
        f"p50 {at[49]:.2f}, p95 {at[94]:.2f}, p99 {at[98]:.2f}, most {max(seconds):.2f} "
        f"of {len(seconds)}"
    )
