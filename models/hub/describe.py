"""Describe a repository of the hub: its catalogue entry, from its configuration and its card."""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml
from pydantic import ValidationError

from models.catalogue import FAMILIES, Family, Model, Style, Task
from models.errors import FetchFailed
from models.hub.fetch import (
    commit_info,
    download,
    hub_errors,
    pickled_of,
    reported_hashes,
    weights_of,
)
from models.language_codes import FAMILY_CODES, primary_subtag

_FAMILIES: Mapping[str, Family] = {
    "marian": "marian", "m2m_100": "m2m100", "mbart": "mbart50", "t5": "t5", "mt5": "t5", "bart": "bart",
    "pegasus": "pegasus", "llama": "causal", "mistral": "causal", "gemma": "causal", "gemma2": "causal",
    "gemma3": "causal", "gemma3_text": "causal", "qwen2": "causal", "qwen3": "causal",
    "hunyuan_v1_dense": "causal", "hunyuan_v1_moe": "causal",
}  # fmt: skip
"""By `model_type` in config.json."""
_STYLES: Sequence[tuple[str, Style]] = (
    ("translategemma", "translategemma"), ("hy-mt", "hy-mt"), ("hunyuan-mt", "hy-mt"),
    ("salamandrata", "salamandra"), ("eurollm", "tower"), ("tower-plus", "tower"),
    ("gemmax2", "gemmax2"), ("milmmt", "gemmax2"), ("seed-x", "seed-x"),
)  # fmt: skip
"""By a part of the repository's name in lower case."""
_READ = ("config.json", "generation_config.json", "tokenizer_config.json", "README.md")
_PAIR = re.compile(r"(?:^|-)([a-z]{2,3})-([a-z]{2,3})$")
"""The languages at the end of names such as `opus-mt-tc-big-en-fr` and `quickmt-en-fr`."""
_T5_TASK = re.compile(r"translation_([a-z]{2})_to_([a-z]{2})")
_NON_COMMERCIAL = re.compile(r"(^|[-_])nc([-_]|$)|non-?commercial", re.IGNORECASE)
_UNKNOWN_LICENCES = {"", "other", "unknown"}
_NATIVE_TOKENS = 256
"""The maximum length of a source and a target in CTranslate2's format, which does not say it: quickmt's."""


def describe(
    repo: str, *, branch: str, source: Sequence[str] = (), target: Sequence[str] = ()
) -> Model:
    """Return the entry of a repository at the newest commit of a branch.

    `source` and `target` are its languages where it does not say them. Raises FetchFailed, which names what
    is missing: the network, a known family, the languages.
    """
    name = repo.rpartition("/")[2]
    with hub_errors(repo, repo), TemporaryDirectory() as folder:
        commit = commit_info(repo, branch)
        files = {file.rfilename: file for file in commit.siblings or []}
        for wanted in _READ:
            if wanted in files:
                download(repo, str(commit.sha), files[wanted], Path(folder), lambda *_: None)
        texts = {path.name: path.read_text(encoding="utf-8") for path in Path(folder).iterdir()}
    configs = {key: json.loads(text) for key, text in texts.items() if key.endswith(".json")}
    card = _card(texts.get("README.md", ""))
    config = configs.get("config.json", {})
    pickled = [] if weights_of(files) else pickled_of(files)
    if not weights_of(files) and not pickled:
        raise FetchFailed(f"{repo} at {commit.sha} has no weights that Dragoman can read.")
    family = _family(repo, config, configs.get("tokenizer_config.json", {}), files)
    licence = str(card.get("license") or "")
    task: Task = "translate" if family in FAMILIES["translate"] else "summarize"
    sources, targets = _languages(name, family, config, source, target)
    hashes = reported_hashes([files[weight] for weight in weights_of(files) or pickled])
    if unknown := set(pickled) - hashes.keys():
        raise FetchFailed(f"The hub reports no hash of {min(unknown)} of {repo}: it is not used.")
    fields: dict[str, Any] = {
        "id": name,
        "task": task,
        "family": family,
        "source": sources,
        "target": targets if task == "translate" else (),
        "repo": repo,
        "revision": str(commit.sha),
        "sha256": {} if pickled else hashes,
        "pickled": {weight: hashes[weight] for weight in pickled},
        "licence": licence or "unknown",
        "commercial": licence.lower() not in _UNKNOWN_LICENCES
        and not _NON_COMMERCIAL.search(licence),
        **_decoding(config, configs.get("generation_config.json", {}), task),
        **_prompting(name, family, config, sources, targets),
    }
    if "model.bin" in weights_of(files):
        fields |= {"max_source_tokens": _NATIVE_TOKENS, "max_target_tokens": _NATIVE_TOKENS}
    try:
        return Model.model_validate(fields)
    except ValidationError as error:
        message = error.errors()[0]["msg"].removeprefix("Value error, ")
        raise FetchFailed(
            f"{repo} cannot be described: {message}. Give its languages with --from and --to, or write its "
            "entry yourself (docs/reference/models.md)."
        ) from error


def _card(readme: str) -> dict[str, Any]:
    """Return the metadata of a model card: the YAML between two lines of dashes at its beginning."""
    found = re.match(r"---\n(.*?)\n---", readme, re.DOTALL)
    try:
        data = yaml.safe_load(found[1]) if found else None
    except yaml.YAMLError:
        data = None
    return data if isinstance(data, dict) else {}


def _family(
    repo: str, config: Mapping[str, Any], tokenizer: Mapping[str, Any], files: Mapping[str, Any]
) -> Family:
    kind = str(config.get("model_type", ""))
    if not kind and "model.bin" in weights_of(files):
        return "marian"
    if kind == "m2m_100" and "nllb" in f"{repo} {tokenizer.get('tokenizer_class')}".lower():
        return "nllb"
    if kind not in _FAMILIES:
        raise FetchFailed(
            f"{repo} is of the kind {kind!r}, which Dragoman does not run. It runs "
            f"{', '.join(sorted(_FAMILIES))}; any language model runs on a server (engine `openai`)."
        )
    return _FAMILIES[kind]


def _languages(
    name: str,
    family: Family,
    config: Mapping[str, Any],
    source: Sequence[str],
    target: Sequence[str],
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the source and target languages: those given, else what the repository says."""
    sources, targets = tuple(map(primary_subtag, source)), tuple(map(primary_subtag, target))
    if codes := FAMILY_CODES.get(family):
        return sources or tuple(sorted(codes)), targets or tuple(sorted(codes))
    if pair := _PAIR.search(name.lower()):
        return sources or (pair[1],), targets or (pair[2],)
    pairs = [_T5_TASK.fullmatch(task) for task in config.get("task_specific_params") or {}]
    found = [(pair[1], pair[2]) for pair in pairs if pair]
    first = sorted({one for one, _ in found})
    return sources or tuple(first), targets or tuple(sorted({two for _, two in found}))


def _decoding(
    config: Mapping[str, Any], generation: Mapping[str, Any], task: Task
) -> dict[str, Any]:
    """Return how to decode, from generation_config.json or, in older repositories, config.json."""

    def given(name: str) -> Any:
        return generation.get(name, config.get(name))

    found: dict[str, Any] = {"beams": min(given("num_beams") or 1, 16)}
    if given("length_penalty") not in (None, 1.0):
        found["length_penalty"] = given("length_penalty")
    if given("no_repeat_ngram_size"):
        found["no_repeat_ngram"] = min(given("no_repeat_ngram_size"), 10)
    if task == "summarize":
        found["min_target_tokens"] = given("min_length") or 0
        found["max_target_tokens"] = max(given("max_length") or 142, 16)
    return found


def _prompting(
    name: str,
    family: Family,
    config: Mapping[str, Any],
    sources: Sequence[str],
    targets: Sequence[str],
) -> dict[str, Any]:
    """Return the prefix of a T5 or of a Marian with several targets, or a language model's style."""
    if family == "causal":
        style = next((style for part, style in _STYLES if part in name.lower()), "instruct")
        return {"style": style}
    if family == "marian" and len(targets) > 1:
        return {"prefix": ">>{target}<<"}
    if family == "t5" and "madlad" in name.lower():
        return {"prefix": "<2{target}> "}
    tasks = config.get("task_specific_params") or {}
    if family == "t5" and any(_T5_TASK.fullmatch(task) for task in tasks):
        from babel import Locale

        codes = {code: Locale.parse(code).english_name for code in {*sources, *targets}}
        return {"prefix": "translate {source} to {target}: ", "codes": codes}
    return {}
