"""Inline tags after translation: `python -m benchmarks.tags`.

Puts tags around words of news sentences, translates them as HTML, and counts the tags that are kept, the
sentences whose nesting is valid, and the tags that cover the right words. Right is what the model of the
other direction says, which has no part in placing tags: it links words with at least half of its attention.
The content words of the tag must be in the tag's translation, and no words of others, except between its own:
a tag is one span. A tag without a linked content word is not judged. chrF is that of the text without the
tags, against the human translation.
"""

import argparse
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape, unescape
from pathlib import Path

from sacrebleu import CHRF

from benchmarks.facts import SHARED, SOURCE, TARGET
from models.routes import route
from pipeline.checks.lexicon import FUNCTION_WORDS
from pipeline.documents.inline import by_words, word_spans
from pipeline.pipeline import Pipeline
from pipeline.requests import TranslationRequest
from pipeline.spans import Span
from service.settings import Settings
from workers.resident import pipeline_of

COUNT = 300
SEED = 1
_LENGTHS = range(8, 41)
"""Words of a sentence."""
_MOST_TAGGED = 4
_NESTED, _NOTES = 0.2, 0.2
"""Shares of the tags with another one inside, and of the sentences with a footnote mark."""
_LINKED = 0.5
_LONG = 4
"""Letters of a word that is judged. Function words are not: "will" has no word of its own in Spanish."""
_TAG = re.compile(r"<(/?)(\w+)[^>]*>")
_NAMES = ("em", "strong", 'a href="x"', "span", "u")


@dataclass(frozen=True, slots=True)
class Tagged:
    """A sentence, its HTML, and the span that each numbered tag covers."""

    text: str
    html: str
    spans: dict[int, Span]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of the tags of a sentence."""

    kept: int
    is_nested: bool
    right: int
    judged: int
    wrong: list[str]


def tagged(text: str, rng: random.Random) -> Tagged:
    """Put one to three tags around words, some with another inside, and sometimes a footnote mark."""
    words = word_spans(text)
    marks: list[tuple[int, int, str]] = []  # the place, the order at it, the tag
    spans: dict[int, Span] = {}
    free = list(range(len(words)))

    def add(first: int, last: int, depth: int) -> None:
        number = len(spans)
        name = rng.choice(_NAMES)
        start, end = words[first].start, words[last].end
        spans[number] = Span(start, end)
        marks.append((start, 10 + depth, f'<{name} id="{number}">'))
        marks.append((end, -depth, f"</{name.split()[0]}>"))

    for _ in range(rng.randint(1, 3)):
        first = rng.choice(free)
        last = min(first + rng.randrange(_MOST_TAGGED), len(words) - 1)
        if not set(range(first, last + 1)) <= set(free):
            continue
        free = [n for n in free if n not in range(first - 1, last + 2)]
        add(first, last, 0)
        if last > first and rng.random() < _NESTED:
            add(first, first, 1)
        if not free:
            break
    if rng.random() < _NOTES:
        marks.append((words[-1].end, 5, "<sup>1</sup>"))
    pieces, place = [], 0
    for at, _, mark in sorted(marks, key=lambda mark: mark[:2]):
        pieces += [escape(text[place:at], quote=False), mark]
        place = at
    return Tagged(text, f"<p>{''.join(pieces)}{escape(text[place:], quote=False)}</p>", spans)


def judged(source: Tagged, html: str, links: dict[int, int]) -> Verdict:
    """Judge a translation; `links` has the word of the translation for words of the source."""
    text, spans, is_nested = _read(html)
    ours, theirs = word_spans(source.text), word_spans(text)
    right, count, wrong = 0, 0, []
    for number, span in source.spans.items():
        own = {links[n] for n, word in enumerate(ours) if n in links and _inside(word, span)}
        others = {links[n] for n, word in enumerate(ours) if n in links and not _inside(word, span)}
        main = {
            links[n]
            for n, word in enumerate(ours)
            if n in links and _inside(word, span) and _has_a_place(source.text[slice(*word)])
        } - others
        if not main or number not in spans:
            continue
        count += 1
        covered = {n for n, word in enumerate(theirs) if _inside(word, spans[number])}
        between = range(min(own), max(own) + 1)
        if main <= covered and not (covered & (others - own)) - set(between):
            right += 1
        else:
            wrong.append(f"{source.text[slice(*span)]!r} → {text[slice(*spans[number])]!r}")
    given, found = (Counter(name for _, name in _TAG.findall(h)) for h in (source.html, html))
    return Verdict(int(given == found), is_nested, right, count, wrong)


def _read(html: str) -> tuple[str, dict[int, Span], bool]:
    """The text of a translation, the spans of its numbered tags, and whether every tag closes the last."""
    text, place, is_nested = "", 0, True
    waiting: list[tuple[str, int | None, int]] = []
    spans = {}
    note = re.compile(r"<sup>1</sup>")
    html = note.sub("<sup></sup>", html)
    for match in _TAG.finditer(html):
        text += unescape(html[place : match.start()])
        place = match.end()
        if not match[1]:
            number = re.search(r'id="(\d+)"', match.group())
            waiting.append((match[2], int(number[1]) if number else None, len(text)))
            continue
        if not waiting or waiting[-1][0] != match[2]:
            is_nested = False
            continue
        _, known, start = waiting.pop()
        if known is not None:
            spans[known] = Span(start, len(text))
    return text + unescape(html[place:]), spans, is_nested and not waiting


def _inside(word: Span, span: Span) -> bool:
    return span.start <= word.start and word.end <= span.end


def links_of(
    pipeline: Pipeline, sources: Sequence[str], targets: Sequence[str]
) -> Iterator[dict[int, int]]:
    """For words of each source their words in the translation, by the other direction's model."""
    back = route(pipeline.decoder.catalogue, TARGET, SOURCE, None)
    for source, target, found in zip(
        sources, targets, pipeline.decoder.align(back, targets, sources), strict=True
    ):
        ours, theirs = word_spans(source), word_spans(target)
        rows = by_words(found, theirs, ours) if found is not None else []
        links = {}
        for number, row in enumerate(rows):
            best = max(range(len(row)), key=row.__getitem__, default=0)
            if row[best] >= _LINKED:
                links[number] = best
        yield links


def _has_a_place(word: str) -> bool:
    return len(word) >= _LONG and word.lower() not in FUNCTION_WORDS[SOURCE]


def main() -> None:
    """Print the figures, and with `--wrong N` some of the tags that cover other words."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, default=SHARED)
    parser.add_argument("--set", default="dev/newstest2011")
    parser.add_argument("--effort", default="fast")
    parser.add_argument("--wrong", type=int, default=0)
    arguments = parser.parse_args()
    lines, humans = (
        (arguments.data / f"{arguments.set}.{language}").read_text(encoding="utf-8").splitlines()
        for language in (SOURCE, TARGET)
    )
    rng = random.Random(SEED)
    wanted = [n for n in range(0, len(lines), 3) if len(lines[n].split()) in _LENGTHS][:COUNT]
    sources = [tagged(lines[n], rng) for n in wanted]
    settings = Settings()
    pipeline = pipeline_of(settings, settings.load_catalogue())

    def translate(**text: str) -> str:
        request = TranslationRequest.model_validate(
            {"source": SOURCE, "target": TARGET, "effort": arguments.effort, **text}
        )
        result = pipeline.translate(request, lambda *_: None)
        return result.document or result.text or ""

    pages = [translate(document=one.html, format="html") for one in sources]
    bare = [
        translate(document=f"<p>{escape(one.text, quote=False)}</p>", format="html")
        for one in sources
    ]
    texts = [_read(page)[0] for page in pages]
    links = links_of(pipeline, [one.text for one in sources], texts)
    verdicts = [
        judged(one, page, own) for one, page, own in zip(sources, pages, links, strict=True)
    ]
    chrf = CHRF()
    references = [[humans[n] for n in wanted]]
    with_tags = chrf.corpus_score(texts, references).score
    without = chrf.corpus_score([_read(page)[0] for page in bare], references).score
    count = len(verdicts)
    tags, right = sum(v.judged for v in verdicts), sum(v.right for v in verdicts)
    print(
        f"{count} sentences, {sum(len(one.spans) for one in sources)} tags, {tags} of them judged"
    )
    print(f"all tags kept in {sum(v.kept for v in verdicts) / count:.1%} of the sentences")
    print(f"valid nesting in {sum(v.is_nested for v in verdicts) / count:.1%} of the sentences")
    print(f"right words: {right / tags:.1%} of the tags")
    print(f"chrF {with_tags:.2f} with tags, {without:.2f} without")
    for line in [line for v in verdicts for line in v.wrong][: arguments.wrong]:
        print(f"  {line}")


if __name__ == "__main__":
    main()
