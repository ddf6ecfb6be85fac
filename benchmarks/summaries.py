"""How good the extractive summaries are: `python -m benchmarks.summaries`.

ROUGE-1, 2 and L (F) on BBC articles with extractive references, of the same number of sentences for
every system: ours, the article's first sentences, and sumy's LexRank and TextRank. The engine's weights
were chosen on the even articles; the figures are on the odd ones (`--half even` shows the others).
"""

import argparse
import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from rouge_score.rouge_scorer import RougeScorer
from rouge_score.scoring import Score
from sumy.models.dom import ObjectDocumentModel, Paragraph
from sumy.models.dom import Sentence as SumySentence
from sumy.nlp.stemmers import Stemmer
from sumy.summarizers.lex_rank import LexRankSummarizer
from sumy.summarizers.text_rank import TextRankSummarizer

from pipeline.documents.plain_text import parse_text
from pipeline.segments import split
from pipeline.summaries.choice import Length
from pipeline.summaries.selection import Style, summarize

DATA = Path(__file__).parents[2] / "shared" / "data" / "summaries" / "bbc.jsonl"
METRICS = ("rouge1", "rouge2", "rougeL")
_GLUE = re.compile(r"(?<=[a-z0-9\"'][.!?\"])(?=[A-Z\"])")

System = Callable[[str, Sequence[str], int], str]


class _Words:
    """A tokenizer for sumy that needs no download: words are runs of letters and digits."""

    def to_words(self, sentence: str) -> list[str]:
        return re.findall(r"\w+", sentence)


def ours(article: str, sentences: Sequence[str], count: int) -> str:
    """Dragoman's summary."""
    del sentences
    document = parse_text(article)
    segments = split(document, "en")
    chosen = summarize(
        document, segments, language="en", style=Style.BRIEF, length=Length(sentences=count)
    )
    return " ".join(sentence.text for sentence in chosen)


def lead(article: str, sentences: Sequence[str], count: int) -> str:
    """The first sentences of the body."""
    del article
    return " ".join(sentences[:count])


def by_sumy(summarizer: Callable[[ObjectDocumentModel, int], Sequence[SumySentence]]) -> System:
    """One of sumy's summarizers on our sentences."""

    def run(article: str, sentences: Sequence[str], count: int) -> str:
        del article
        model = ObjectDocumentModel([Paragraph([SumySentence(s, _Words()) for s in sentences])])
        return " ".join(str(sentence) for sentence in summarizer(model, count))

    return run


def main() -> None:
    """Print one line a system."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.summaries", description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--half", choices=("even", "odd"), default="odd")
    parser.add_argument("--limit", type=int, help="so many articles, evenly spread")
    arguments = parser.parse_args()
    lines = arguments.data.read_text(encoding="utf-8").splitlines()
    articles = [json.loads(line) for line in lines[arguments.half == "odd" :: 2]]
    if arguments.limit:
        articles = articles[:: max(1, len(articles) // arguments.limit)]
    systems: dict[str, System] = {
        "dragoman": ours,
        "lead": lead,
        "lexrank": by_sumy(LexRankSummarizer(Stemmer("english"))),
        "textrank": by_sumy(TextRankSummarizer(Stemmer("english"))),
    }
    scorer = RougeScorer(list(METRICS), use_stemmer=True)
    totals = {name: dict.fromkeys(METRICS, 0.0) for name in systems}
    for item in articles:
        reference = _GLUE.sub(" ", item["summary"])
        body = item["article"].split("\n", 1)[1]
        document = parse_text(body)
        sentences = [segment.text for segment in split(document, "en")]
        count = len(split(parse_text(reference), "en"))
        for name, system in systems.items():
            scores: dict[str, Score] = scorer.score(
                reference, system(item["article"], sentences, count)
            )
            for metric in METRICS:
                totals[name][metric] += scores[metric].fmeasure
    print(f"{len(articles)} articles\n{'':10}" + "".join(f"{metric:>9}" for metric in METRICS))
    for name, total in totals.items():
        print(f"{name:10}" + "".join(f"{100 * total[m] / len(articles):9.2f}" for m in METRICS))


if __name__ == "__main__":
    main()
