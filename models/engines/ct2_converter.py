"""CTranslate2's converter, with what its release 4.8.5 lacks for transformers 5.

`python -m models.engines.ct2_converter FAMILY SOURCE TARGET QUANTIZATION [LAYER]` converts one folder.
It runs as a process of its own because it needs torch.
`docs/adr/0014-every-family-on-ctranslate2.md` says what each loader fixes.
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

INT8_TOP = 63
"""The largest weight of a row in int8: seven bits. Without VNNI a processor adds two products of an input
(to 255) and a weight in 16 bits, and what is over 32,767 is cut off: 2 × 255 × 63 is not."""


class Converter(ct2.TransformersConverter):  # type: ignore[misc]
    """From one folder of a known family: safetensors only, its own tokenizer, all in float32."""

    def __init__(self, family: str, folder: Path) -> None:
        """`family` is the catalogue's."""
        super().__init__(str(folder))
        self._family = family

    def load_model(self, model_class: Any, model_name_or_path: str, **kwargs: Any) -> Any:
        """The weights; in float32, or a table of positions computed in float16 stays that coarse."""
        wish = {**kwargs, "dtype": torch.float32, "use_safetensors": True, "local_files_only": True}
        return model_class.from_pretrained(model_name_or_path, **wish)

    def load_tokenizer(self, _: Any, model_name_or_path: str, **__: Any) -> Any:
        """The tokenizer that the codec has, and not what the folder would choose."""
        return TOKENIZERS[self._family].from_pretrained(model_name_or_path, local_files_only=True)

    def write(self, target: Path, quantization: str, layer: int | None) -> None:
        """Convert to a new folder, with weights as `int8`, `float16` or `float32`.

        `layer` is the decoder's that aligns; all its heads have a say.
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
    """Give a layer the weight as int8 with a scale a row, if it is one that has a scale."""
    name = scope.rpartition("/")[2]
    if isinstance(value, Variable) and hasattr(layer, f"{name}_scale"):
        rows = value.to("float32").numpy()
        largest = np.abs(rows).max(axis=1)
        scale = (INT8_TOP / np.where(largest > 0, largest, INT8_TOP)).astype(np.float32)
        setattr(layer, name, NumpyVariable(np.rint(rows * scale[:, None]).astype(np.int8)))
        setattr(layer, f"{name}_scale", NumpyVariable(scale))


@ct2.register_loader("MarianConfig")
class MarianLoader(ct2.MarianMTLoader):  # type: ignore[misc]
    """A Marian's decoder starts with `<pad>`, whose embedding is zero only where Marian trained it."""

    def set_decoder(self, spec: Any, decoder: Any) -> None:
        """With the start token's own embedding."""
        super().set_decoder(spec, decoder)
        spec.start_from_zero_embedding = False

    def set_config(self, config: Any, model: Any, tokenizer: Any) -> None:
        """Started as transformers does it."""
        super().set_config(config, model, tokenizer)
        config.decoder_start_token = tokenizer.pad_token

    def get_vocabulary(self, model: Any, tokenizer: Any) -> list[str]:
        """All tokens by number, `<pad>` too: the codec keeps it out of what is decoded."""
        return ct2.ModelLoader.get_vocabulary(self, model, tokenizer)  # type: ignore[no-any-return]

    def _remove_pad_weights(self, spec: Any) -> None:
        """They stay."""


@ct2.register_loader("M2M100Config")
class M2M100Loader(ct2.M2M100Loader):  # type: ignore[misc]
    """M2M-100's languages stand in no list of special tokens any more; NLLB's do."""

    def get_vocabulary(self, model: Any, tokenizer: Any) -> list[str]:
        """All tokens by number: pieces, languages, and the ones made up to fill the matrix."""
        languages = getattr(tokenizer, "lang_token_to_id", None)
        if languages is None:
            return super().get_vocabulary(model, tokenizer)  # type: ignore[no-any-return]
        known = max(languages.values()) + 1
        filling = [f"madeupword{number}" for number in range(model.config.vocab_size - known)]
        return [*tokenizer.convert_ids_to_tokens(list(range(known))), *filling]


class _Norms:
    """Where a BART has its norms is no longer told by the configuration: its family says."""

    before_layers: bool
    after_embeddings: bool

    def get_model_spec(self, model: Any) -> Any:
        """With the family's norms."""
        model.config.normalize_before = self.before_layers
        model.config.normalize_embedding = self.after_embeddings
        return super().get_model_spec(model)  # type: ignore[misc]


@ct2.register_loader("MBartConfig")
class MBartLoader(_Norms, ct2.MBartLoader):  # type: ignore[misc]
    """mBART-50 (Liu et al. 2020), whose decoder starts with `</s>`."""

    before_layers = True
    after_embeddings = True

    def get_vocabulary(self, model: Any, tokenizer: Any) -> list[str]:
        """All tokens by number, one that stands twice too."""
        numbers = list(range(model.config.vocab_size))
        return tokenizer.convert_ids_to_tokens(numbers)  # type: ignore[no-any-return]

    def set_config(self, config: Any, model: Any, tokenizer: Any) -> None:
        """The language is forced after the start token; only mBART-25 starts with it."""
        super().set_config(config, model, tokenizer)
        config.bos_token = tokenizer.cls_token  # transformers 5 calls it so alone
        config.decoder_start_token = tokenizer.eos_token


@ct2.register_loader("BartConfig")
class BartLoader(_Norms, ct2.BartLoader):  # type: ignore[misc]
    """BART (Lewis et al. 2020)."""

    before_layers = False
    after_embeddings = True


@ct2.register_loader("PegasusConfig")
class PegasusLoader(_Norms, ct2.PegasusLoader):  # type: ignore[misc]
    """PEGASUS (Zhang et al. 2020)."""

    before_layers = True
    after_embeddings = False


class _ScaledOutputs:
    """transformers 5 ties the words of every T5; whether outputs are scaled is a field of its own."""

    def get_model_spec(self, model: Any) -> Any:
        """Scaled where the model does it."""
        model.config.tie_word_embeddings = getattr(model.config, "scale_decoder_outputs", False)
        return super().get_model_spec(model)  # type: ignore[misc]

    def get_vocabulary(self, model: Any, tokenizer: Any) -> list[str]:
        """All tokens by number; what fills the matrix has names that no token has."""
        tokens = ct2.ModelLoader.get_vocabulary(self, model, tokenizer)
        filling = model.config.vocab_size - len(tokens)
        return [*tokens, *(f"<unused_{number}>" for number in range(filling))]


@ct2.register_loader("T5Config")
class T5Loader(_ScaledOutputs, ct2.T5Loader):  # type: ignore[misc]
    """T5, FLAN-T5, MADLAD."""


@ct2.register_loader("MT5Config")
class MT5Loader(_ScaledOutputs, ct2.MT5Loader):  # type: ignore[misc]
    """mT5."""


def main() -> None:
    """Convert in this process."""
    family, source, target, quantization, *layer = sys.argv[1:]
    if not list(Path(source).glob("*.safetensors")):
        # transformers would fall back to pickled weights, which can run code.
        sys.exit("there are no weights in safetensors")
    Converter(family, Path(source)).write(
        Path(target), quantization, int(layer[0]) if layer else None
    )


if __name__ == "__main__":
    main()
