"""A server around fxtranslate, from English to Portuguese."""

import os
from pathlib import Path

from fastapi import FastAPI
from fxtranslate import Translator
from pydantic import BaseModel

FOLDER = Path(os.environ["MODEL_FOLDER"])


def _file(pattern: str) -> bytes:
    (path,) = FOLDER.glob(pattern)
    return path.read_bytes()


app = FastAPI()
vocabulary = _file("vocab.*.spm")
translator = Translator(_file("model.*.bin"), vocabulary, vocabulary, _file("lex.*.bin"))


class Text(BaseModel):
    """An article, or its translation."""

    text: str


# Not in the pool of threads: the translator can be used in the thread that made it, and there alone.
@app.post("/translate")
async def translate(article: Text) -> Text:
    """Translate an article; the engine splits it into sentences."""
    return Text(text=translator.translate_long(article.text))
