"""CTranslate2's converter for all families but Marian, with the fixes that 4.8.5 needs for transformers 5.

`python -m models.engines.ct2_converter FAMILY SOURCE TARGET QUANTIZATION [LAYER]` converts one folder, in
a separate process because it needs torch. `docs/adr/0014-every-family-on-ctranslate2.md` explains the fix
of each loader.
"""

import sys
from pathlib import Path
from typing import Any

import torch
from ctranslate2.converters import transformers as ct2

from models.engines.ct2_writing import write
from models.engines.tokenizer import load_tokenizer


class Converter(ct2.TransformersConverter):  # type: ignore[misc]
    """Convert a folder of a known family: safetensors only, the family's tokenizer, all in float32."""

    def __init__(self, family: str, folder: Path) -> None:
        """Convert this folder; `family` is the one in the catalogue."""
        super().__init__(str(folder))
        self._family = family

    def load_model(self, model_class: Any, model_name_or_path: str, **kwargs: Any) -> Any:
        """Load the weights in float32: position embeddings computed in float16 would lose precision."""
        options = {
            **kwargs,
            "dtype": torch.float32,
            "use_safetensors": True,
            "local_files_only": True,
        }
        return model_class.from_pretrained(model_name_or_path, **options)

    def load_tokenizer(self, _: Any, model_name_or_path: str, **__: Any) -> Any:
        """Load the tokenizer that `ModelTokenizer` uses, whatever the folder's configuration names."""
        return load_tokenizer(self._family, Path(model_name_or_path))

    def specification(self) -> Any:
        """Return the specification of the model, with its weights and vocabulary."""
        return self._load()


@ct2.register_loader("M2M100Config")
class M2M100Loader(ct2.M2M100Loader):  # type: ignore[misc]
    """M2M-100: its languages are no longer listed as special tokens; NLLB's are."""

    def get_vocabulary(self, model: Any, tokenizer: Any) -> list[str]:
        """Return pieces, languages, and the unused tokens that fill the embedding matrix."""
        languages = getattr(tokenizer, "lang_token_to_id", None)
        if languages is None:
            return super().get_vocabulary(model, tokenizer)  # type: ignore[no-any-return]
        known = max(languages.values()) + 1
        filling = [f"madeupword{number}" for number in range(model.config.vocab_size - known)]
        return [*tokenizer.convert_ids_to_tokens(list(range(known))), *filling]


class _LayerNorms:
    """Layer normalization: BART's configuration no longer says where it is, so the family does."""

    before_layers: bool
    after_embeddings: bool

    def get_model_spec(self, model: Any) -> Any:
        """Normalize where the family does."""
        model.config.normalize_before = self.before_layers
        model.config.normalize_embedding = self.after_embeddings
        return super().get_model_spec(model)  # type: ignore[misc]


@ct2.register_loader("MBartConfig")
class MBartLoader(_LayerNorms, ct2.MBartLoader):  # type: ignore[misc]
    """mBART-50 (Liu et al. 2020): the decoder starts with `</s>`."""

    before_layers = True
    after_embeddings = True

    def get_vocabulary(self, model: Any, tokenizer: Any) -> list[str]:
        """Return all tokens by number, including one that occurs twice."""
        numbers = list(range(model.config.vocab_size))
        return tokenizer.convert_ids_to_tokens(numbers)  # type: ignore[no-any-return]

    def set_config(self, config: Any, model: Any, tokenizer: Any) -> None:
        """Start with `</s>`, followed by the language; only mBART-25 starts with the language."""
        super().set_config(config, model, tokenizer)
        config.bos_token = tokenizer.cls_token  # its only name in transformers 5
        config.decoder_start_token = tokenizer.eos_token


@ct2.register_loader("BartConfig")
class BartLoader(_LayerNorms, ct2.BartLoader):  # type: ignore[misc]
    """BART (Lewis et al. 2020)."""

    before_layers = False
    after_embeddings = True


@ct2.register_loader("PegasusConfig")
class PegasusLoader(_LayerNorms, ct2.PegasusLoader):  # type: ignore[misc]
    """PEGASUS (Zhang et al. 2020)."""

    before_layers = True
    after_embeddings = False


class _ScaledOutputs:
    """Output scaling: transformers 5 ties the embeddings of every T5 and has a separate field for it."""

    def get_model_spec(self, model: Any) -> Any:
        """Scale outputs if the model does."""
        model.config.tie_word_embeddings = getattr(model.config, "scale_decoder_outputs", False)
        return super().get_model_spec(model)  # type: ignore[misc]

    def get_vocabulary(self, model: Any, tokenizer: Any) -> list[str]:
        """Return all tokens, and unused names that fill the embedding matrix."""
        tokens = ct2.ModelLoader.get_vocabulary(self, model, tokenizer)
        filling = model.config.vocab_size - len(tokens)
        return [*tokens, *(f"<unused_{number}>" for number in range(filling))]


@ct2.register_loader("T5Config")
class T5Loader(_ScaledOutputs, ct2.T5Loader):  # type: ignore[misc]
    """T5, FLAN-T5 and MADLAD."""


@ct2.register_loader("MT5Config")
class MT5Loader(_ScaledOutputs, ct2.MT5Loader):  # type: ignore[misc]
    """mT5."""


def main() -> None:
    """Convert the folder named on the command line."""
    family, source, target, quantization, *layer = sys.argv[1:]
    spec = Converter(family, Path(source)).specification()
    write(spec, Path(target), quantization, int(layer[0]) if layer else None)


if __name__ == "__main__":
    main()
