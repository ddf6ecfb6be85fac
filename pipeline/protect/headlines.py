"""English headlines in which "to" tells the future: "Wilkinson to lead England".

Small models read a purpose in it ("Wilkinson para encabezar a Inglaterra"), so "will" is sent instead.
"""

import re

from pipeline.checks.dictionary import lemma
from pipeline.checks.lexicon import FUNCTION_WORDS
from pipeline.spans import Span

_HEADLINE = re.compile(
    r"[‘'\"“]?(?P<subject>[A-Z0-9][\w'’&-]*(?: [\w'’&-]+){0,4}) (?P<to>to) "
    r"(?P<verb>(?!(?:number|one)\b)[a-z]+)\b"
    r"[^.!?:;]*$"
)
"""A line without a full stop."""
_TAKES_TO = re.compile(
    r"(?:act|aim|agree|allow|appear|ask|attempt|battle|begin|bid|call|campaign|come|continue|crash|cruise|decide"
    r"|deal|dive|drive|effort|fail|fall|fight|force|gather|get|go|head|help|hope|invite|join|leap|look|manage"
    r"|measure|move|need|offer|opt|order|pact|persuade|plan|pledge|plot|plunge|power|prepare|press|promise|propose"
    r"|push|race|refuse|return|rise|rush|scheme|seek|set|slump|soar|solution|spell|start|step|storm|stroll"
    r"|struggle|surge|sweep|tell|threat|threaten|try|turn|urge|use|vote|vow|wait|want|way|work)(?:e?s|e?d|ing)?"
    r"|a|an|able|ability|back|best|chance|close|decision|desire|desperate|due|duty|easy|everything|failure|first"
    r"|free|freedom|hard|here|how|in|keen|key|last|law|licen[cs]e|likely|more|next|not|nothing|out|path|permission"
    r"|poised|proposal|quick|ready|reasons?|refusal|rights?|road|slow|something|there|time|told|unable|unlikely|up"
    r"|warrant|what|when|where|which|whether|who|why|yet"
)
"""Words that an infinitive may follow in its usual sense: "bid to win", "storms to victory"."""
_AUXILIARIES = frozenset({"is", "are", "was", "were", "has", "have", "had", "will"})


def future(text: str) -> Span | None:
    """The span of the "to" that tells what a headline's subject will do; None in any other line."""
    match = _HEADLINE.match(text)
    if match is None or not _is_verb(match["verb"]):
        return None
    words = [word.strip("‘’'") for word in match["subject"].split()]
    if words[-1].lower() in FUNCTION_WORDS["en"] or words[0].endswith("ing"):
        return None
    if any(_TAKES_TO.fullmatch(word.lower()) for word in words) or any(map(_is_finite, words[1:])):
        return None
    return Span(*match.span("to"))


def _is_verb(word: str) -> bool:
    """Whether an English word has a present participle."""
    forms = (f"{word}ing", f"{word[:-1]}ing", f"{word}{word[-1]}ing")
    return any(lemma(form, "en") == word for form in forms)


def _is_finite(word: str) -> bool:
    """Whether a word in lower case may be a verb in the past or the third person: "sues", "named"."""
    if word in _AUXILIARIES:
        return True
    if not word.islower():
        return False
    return word.endswith("ed") or (word.endswith("s") and _is_verb(lemma(word, "en")))
