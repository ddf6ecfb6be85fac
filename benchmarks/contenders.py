"""The ways to translate that `benchmarks.engines` compares, each in a process of its own.

`python -m benchmarks.contenders NAME THREADS MODEL` (an entry of the catalogue as JSON) reads a JSON list of
texts, makes itself ready and says so. For each further line, `run` or `tell`, it translates the texts and
says the seconds, or says what it is and what memory it took.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.processes import peak_mib
from models.catalogue import Model
from models.engines.conversion import ensure_converted
from models.engines.loading import select_local_device
from pipeline.batching import padding, plan
from service.settings import Settings

BATCH = 64
"""Sentences in a batch of transformers."""
BATCH_TOKENS = Settings().batch_tokens


@dataclass(frozen=True, slots=True)
class Contender:
    """One way to translate its texts, the share of padding in its batches, and how it was set."""

    run: Callable[[], list[str]]
    padding: float
    setting: str


def main() -> None:
    """Serve whoever started this process, until its input ends."""
    name, threads, about = sys.argv[1:]
    # The processors it may use are its threads, for every library, and where the kernel runs it.
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: int(threads)])
    texts: list[str] = json.loads(sys.stdin.readline())
    contender = make(name, int(threads), Model.model_validate_json(about), texts)
    told = {"padding": contender.padding, "setting": contender.setting}
    print(json.dumps(told), flush=True)
    for line in sys.stdin:
        if line.strip() == "tell":
            print(json.dumps({**told, "mib": peak_mib(os.getpid())}), flush=True)
            continue
        started, worked = time.perf_counter(), time.process_time()
        outputs = contender.run()
        seconds = {
            "seconds": time.perf_counter() - started,
            "processor": time.process_time() - worked,
        }
        print(json.dumps(seconds), flush=True)
        assert len(outputs) == len(texts)


def make(name: str, threads: int, model: Model, texts: Sequence[str]) -> Contender:
    """The contender of this name, loaded and warm.

    After a Dragoman's engine may stand the most padding that a batch may have: `dragoman-ctranslate2 0.1`.
    """
    name, _, most = name.partition(" ")
    if name == "loop":
        return _transformers(model, threads, texts, batch=1)
    if name == "batched":
        return _transformers(model, threads, texts, batch=BATCH)
    if name == "ctranslate2":
        return _ctranslate2(model, threads, texts)
    engine = name.removeprefix("dragoman-")
    return _dragoman(model.model_copy(update={"engine": engine}), texts, most and float(most))


def _transformers(model: Model, threads: int, texts: Sequence[str], batch: int) -> Contender:
    """What the documentation of transformers shows; batches are of like lengths."""
    import torch
    from transformers import MarianMTModel, MarianTokenizer
    from transformers.utils import logging

    torch.set_num_threads(threads)
    logging.disable_progress_bar()
    assert model.folder is not None
    tokenizer = MarianTokenizer.from_pretrained(model.folder)
    network: Any = MarianMTModel.from_pretrained(model.folder, dtype=torch.float32)
    lengths = [len(ids) for ids in tokenizer(list(texts))["input_ids"]]
    order = sorted(range(len(texts)), key=lambda index: -lengths[index])
    groups = [order[start : start + batch] for start in range(0, len(order), batch)]

    def translated(group: Sequence[int]) -> list[str]:
        inputs = tokenizer([texts[i] for i in group], return_tensors="pt", padding=True)
        limit = model.max_target_tokens or 2 * inputs["input_ids"].shape[1] + 16
        with torch.inference_mode():
            results = network.generate(
                **inputs,
                num_beams=model.beams,
                min_new_tokens=model.min_target_tokens,
                max_new_tokens=limit,
            )
        decoded: list[str] = tokenizer.batch_decode(results, skip_special_tokens=True)
        return decoded

    def run() -> list[str]:
        outputs: dict[int, str] = {}
        for group in groups:
            outputs.update(zip(group, translated(group), strict=True))
        return [outputs[index] for index in range(len(texts))]

    translated(order[-8:])
    return Contender(run, padding(lengths, groups), f"{batch} a batch")


def _ctranslate2(model: Model, threads: int, texts: Sequence[str]) -> Contender:
    """CTranslate2 by itself: it sorts, batches and spreads, SentencePiece cuts and joins.

    Of several settings the one that did a fifth of the texts fastest.
    """
    import ctranslate2
    import sentencepiece

    assert model.folder is not None
    source_pieces = model.folder / "source.spm"
    model = select_local_device(model)
    folder = ensure_converted(model, Settings().models_dir)
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(source_pieces))

    def way(split: tuple[int, int], budget: int) -> Callable[[Sequence[str]], list[str]]:
        inter, intra = split
        translator = ctranslate2.Translator(
            str(folder),
            compute_type=model.compute_type,
            inter_threads=inter,
            intra_threads=intra,
        )

        def translated(texts: Sequence[str]) -> list[str]:
            rows = [[*row, "</s>"] for row in pieces.encode(list(texts), out_type=str)]
            results = translator.translate_batch(
                rows,
                beam_size=model.beams,
                max_batch_size=budget,
                batch_type="tokens",
                max_input_length=0,
                min_decoding_length=model.min_target_tokens,
                max_decoding_length=model.max_target_tokens or 256,
            )
            return [pieces.decode_pieces(result.hypotheses[0]) for result in results]

        return translated

    best = (float("inf"), (1, threads), BATCH_TOKENS)
    tried = texts[::5]
    for split in {(1, threads), (threads, 1)}:
        for budget in (BATCH_TOKENS // 4, BATCH_TOKENS // 2, BATCH_TOKENS, 2 * BATCH_TOKENS):
            translated = way(split, budget)
            translated(tried[:8])
            started = time.perf_counter()
            translated(tried)
            best = min(best, (time.perf_counter() - started, split, budget))
    _, split, budget = best
    chosen = way(split, budget)
    chosen(tried[:8])
    lengths = [len(row) + 1 for row in pieces.encode(list(texts))]
    setting = f"{split[0]} × {split[1]} threads, {budget} tokens a batch"
    return Contender(lambda: chosen(texts), padding(lengths, plan(lengths, budget)), setting)


def _dragoman(model: Model, texts: Sequence[str], most: float | str) -> Contender:
    """The way that an article's sentences take; with another bound of padding if one is given."""
    from models.residency import Residency
    from models.routes import Leg
    from pipeline.batching import plan_for, translate

    settings = Settings()
    translator = Residency(settings.models_dir, settings.models_bytes).translator(model)
    leg = Leg(model.id, "en", "es")
    lengths = translator.count_tokens(texts)
    if isinstance(most, float):
        batches = plan(lengths, BATCH_TOKENS, parts=translator.parallel_batches, most_padding=most)
    else:
        batches = plan_for(translator, lengths, BATCH_TOKENS)

    def run() -> list[str]:
        outputs = translate(translator, texts, leg, BATCH_TOKENS, _unheard)
        return [output.text for output in outputs]

    def planned() -> list[str]:
        stream = translator.stream(
            ([texts[i] for i in batch] for batch in batches), source="en", target="es"
        )
        return [output.text for outputs in stream for output in outputs]

    translate(translator, texts[:8], leg, BATCH_TOKENS, _unheard)
    setting = f"{len(batches)} batches, {translator.parallel_batches} at once"
    return Contender(
        planned if isinstance(most, float) else run, padding(lengths, batches), setting
    )


def _unheard(_: float) -> None:
    """Nobody follows the progress."""


if __name__ == "__main__":
    main()
