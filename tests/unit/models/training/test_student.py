import torch
from transformers import MarianMTModel

from models.training import loop
from models.training.batches import batch
from models.training.student import DECODER_LAYERS, config, deepen


def test_new_layers_change_little_before_they_learn() -> None:
    torch.manual_seed(1)
    model = MarianMTModel(config(40))
    for layer in model.model.decoder.layers:
        torch.nn.init.normal_(layer.final_layer_norm.weight, 0.5, 0.02)
        torch.nn.init.normal_(layer.final_layer_norm.bias, 0.1, 0.02)
    batches = [batch([([3, 4, 5, 0], [7, 8, 9, 0]), ([5, 0], [6, 0])], 39)]
    hidden = loop.hidden_states(model, batches)
    deeper = deepen(model, DECODER_LAYERS + 2, hidden)
    assert len(deeper.model.decoder.layers) == DECODER_LAYERS + 2
    error = loop.hidden_states(deeper, batches) - hidden
    assert float(error.std() / hidden.std()) < 0.1
