"""CTranslate2's converter, with the fixes that its release 4.8.5 needs for transformers 5.

`python -m models.engines.ct2_converter FAMILY SOURCE TARGET QUANTIZATION [LAYER]` converts one folder, in
a separate process because it needs torch. `docs/adr/0014-every-family-on-ctranslate2.md` explains the fix
of each loader.
"""

import sys
from pathlib import Path
from typing import Any

import numpy as np
import torch
from ctranslate2.converters import transformers as ct2
from ctranslate2.specs.model_spec import NumpyVariable, Variable, visit_spec

from models.engines.alignment import alignment_layer
from models.engines.tokenizer import TOKENIZERS

INT8_MAX = 63
"""The largest weight of a row in int8, of seven bits instead of eight. A CPU without VNNI adds two products
of an input (up to 255) and a weight in 16 bits, saturating at 32,767, which 2 × 255 × 63 does not reach."""


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
        return TOKENIZERS[self._family].from_pretrained(model_name_or_path, local_files_only=True)

    def write(self, target: Path, quantization: str, layer: int | None) -> None:
        """Write the converted model to a new folder, with weights in `int8`, `float16` or `float32`.

        `layer` is the decoder layer whose attention aligns words, averaged over its heads.
        """
        spec = self._load()
        decoder = spec.decoder
        decoder.alignment_layer = np.int16(alignment_layer(layer, len(decoder.layer)))
        decoder.alignment_heads = np.int16(decoder.num_heads)
        spec.validate()
        if quantization == "int8":
            spec.optimize()
            visit_spec(spec, _to_int8)
        else:
            spec.optimize(quantization)
        target.mkdir(parents=True)
        spec.save(str(target))


def _to_int8(layer: Any, scope: str, value: Any) -> None:
    """Quantize a layer's weight to int8 with a scale per row, if the layer has a scale."""
    name = scope.rpartition("/")[2]
    if isinstance(value, Variable) and hasattr(layer, f"{name}_scale"):
        rows = value.to("float32").numpy()
        largest = np.abs(rows).max(axis=1)
        scale = (INT8_MAX / np.where(largest > 0, largest, INT8_MAX)).astype(np.float32)
        setattr(layer, name, NumpyVariable(np.rint(rows * scale[:, None]).astype(np.int8)))
        setattr(layer, f"{name}_scale", NumpyVariable(scale))


@ct2.register_loader("MarianConfig")
class MarianLoader(ct2.MarianMTLoader):  # type: ignore[misc]
    """Marian: the decoder starts with `<pad>`, whose embedding is zero only in models Marian trained."""

    def set_decoder(self, spec: Any, decoder: Any) -> None:
        """Use the start token's own embedding."""
        super().set_decoder(spec, decoder)
        spec.start_from_zero_embedding = False

    def set_config(self, config: Any, model: Any, tokenizer: Any) -> None:
        """Start decoding as transformers does."""
        super().set_config(config, model, tokenizer)
        config.decoder_start_token = tokenizer.pad_token

    def get_vocabulary(self, model: Any, tokenizer: Any) -> list[str]:
        """Keep `<pad>` in the vocabulary; `ModelTokenizer` drops it from outputs."""
        return ct2.ModelLoader.get_vocabulary(self, model, tokenizer)  # type: ignore[no-any-return]

    def _remove_pad_weights(self, spec: Any) -> None:
        """Keep the weights of `<pad>`."""


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
    if not list(Path(source).glob("*.safetensors")):
        # transformers would fall back to pickled weights, which can execute code.
        sys.exit("the folder has no weights in safetensors")
    Converter(family, Path(source)).write(
        Path(target), quantization, int(layer[0]) if layer else None
    )


if __name__ == "__main__":
    main()
