"""A server such as one writes in an afternoon: FastAPI around `MarianMTModel.generate`."""

import os
from threading import Lock
from typing import Any

import torch
from fastapi import FastAPI
from pydantic import BaseModel
from sentencex import segment
from transformers import MarianMTModel, MarianTokenizer

FOLDER = os.environ["MODEL_FOLDER"]
BEAMS = int(os.environ["MODEL_BEAMS"])

app = FastAPI()
tokenizer = MarianTokenizer.from_pretrained(FOLDER)
network: Any = MarianMTModel.from_pretrained(FOLDER, dtype=torch.float32)
# One article at a time has all processors: several at once would only slow each other.
decoding = Lock()


class Text(BaseModel):
    """An article, or its translation."""

    text: str


@app.post("/translate")
def translate(article: Text) -> Text:
    """Translate the sentences of an English article into Spanish, all in one batch."""
    sentences = [one for line in article.text.splitlines() for one in segment("en", line)]
    with decoding, torch.inference_mode():
        inputs = tokenizer(sentences, return_tensors="pt", padding=True)
        outputs = network.generate(**inputs, num_beams=BEAMS, max_new_tokens=256)
        translations = tokenizer.batch_decode(outputs, skip_special_tokens=True)
    return Text(text=" ".join(translations))
