"""What an editor sees: `python -m benchmarks.editor --data DATA`.

Translates newstest2010, or `--sentences N` of it, as the service does, and prints for a thousand words
those that exist in no dictionary, those of them that are Portuguese, and agreement errors, all by
Dragoman's checks; then the language model's mean score of a word, and the length beside the reference's.

`--form FILE --sample N --seed S` writes N sentences in both languages to be read, with the number of their
line and an empty verdict: 1 publishable, 2 after one small correction, 3 after heavy editing, 4 to be
written anew. `benchmarks/verdicts.tsv` has the verdicts of readings, without the sentences.
"""

import argparse
import csv
import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

import simplemma

from models.language_model import embedded
from models.routes import route
from pipeline.checked import Checked
from pipeline.checks import Code
from pipeline.decode import Input
from pipeline.requests import Effort
from service.settings import Settings
from workers.resident import pipeline_of

SOURCE, TARGET = "en", "es"


def main() -> None:
    """Print the figures, and write the form if asked to."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.editor", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder of texts")
    parser.add_argument("--sentences", type=int, default=2489, help="so many, evenly")
    parser.add_argument("--effort", choices=get_args(Effort), default="best")
    parser.add_argument("--form", type=Path, help="write sentences to read there")
    parser.add_argument("--sample", type=int, default=60)
    parser.add_argument("--seed", type=int, default=24)
    arguments = parser.parse_args()
    stem = arguments.data / "parallel" / "newstest2010"
    sources, references = (
        stem.with_suffix(f".{language}").read_text(encoding="utf-8").splitlines()
        for language in (SOURCE, TARGET)
    )
    places = [number * len(sources) // arguments.sentences for number in range(arguments.sentences)]
    pipeline = pipeline_of(Settings(), Settings().load_catalogue())
    checked = pipeline.decoder.decode_and_check(
        route(pipeline.decoder.catalogue, SOURCE, TARGET, None),
        [Input(sources[place]) for place in places],
        pipeline.house.names,
        arguments.effort,
        lambda _done, _total: None,
    )
    for name, value in figures([references[place] for place in places], checked).items():
        print(f"{name:30} {value:7.2f}")
    if arguments.form:
        read = random.Random(arguments.seed).sample(range(len(places)), arguments.sample)
        with arguments.form.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, delimiter="\t")
            writer.writerow(("line", "verdict", "flags", "source", "translation"))
            for number in sorted(read):
                flags = " ".join(flag.code.value for flag in checked[number].flags)
                place = places[number]
                writer.writerow((place + 1, "", flags, sources[place], checked[number].text))


def figures(references: Sequence[str], checked: Sequence[Checked]) -> dict[str, float]:
    """The figures of a set of translations."""
    language = embedded(TARGET)
    assert language is not None
    words = sum(len(sentence.text.split()) for sentence in checked)
    found: Counter[str] = Counter()
    for sentence in checked:
        for flag in sentence.flags:
            found[flag.code] += 1
            if flag.code is Code.UNKNOWN_WORD and flag.target is not None:
                word = sentence.text[slice(*flag.target)]
                found["pt"] += simplemma.is_known(word.lower(), lang="pt")
    return {
        "unknown words per 1,000": 1000 * found[Code.UNKNOWN_WORD] / words,
        "Portuguese words per 1,000": 1000 * found["pt"] / words,
        "agreement errors per 1,000": 1000 * found[Code.AGREEMENT] / words,
        "language model": sum(language.score(one.text) for one in checked) / len(checked),
        "length": sum(len(one.text) for one in checked) / sum(map(len, references)),
    }


if __name__ == "__main__":
    main()
