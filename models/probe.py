"""Try a model with one sentence."""

from models.catalogue import Model
from models.engines.translator import Translator

_SENTENCES = {
    "en": "The train to Madrid leaves at 10 in the morning, the mayor said.",
    "es": "El tren a Madrid sale a las 10 de la mañana, dijo el alcalde.",
    "fr": "Le train pour Madrid part à 10 heures du matin, a dit le maire.",
    "de": "Der Zug nach Madrid fährt um 10 Uhr morgens, sagte der Bürgermeister.",
    "it": "Il treno per Madrid parte alle 10 del mattino, ha detto il sindaco.",
    "pt": "O trem para Madri parte às 10 da manhã, disse o prefeito.",
}


def probe(model: Model, translator: Translator) -> tuple[str, str]:
    """Return a sentence in a language that the model reads, and what it makes of it."""
    languages = model.source or ("en",)
    source = next((one for one in _SENTENCES if one in languages), languages[0])
    target = next((one for one in model.target if one != source), source)
    text = _SENTENCES.get(source, "Madrid, 10:00.")
    (output,) = translator.translate([text], source=source, target=target)
    return text, "" if output.refused else output.text.strip()
