"""The event reader's network: one pass of MiniLM over a window of sentences, small heads on its pieces."""

import torch
from torch import Tensor, nn

from training.annotator.minilm import minilm_weights
from training.annotator.network import WIDTH, Layer, _load_layer

from .data import ROLES, STATUSES, TYPES

ROLE_WIDTH = 64
LAYERS = 6


class PlainLayer(Layer):
    """The annotator's layer with attention spelled out, which trains faster on CPUs; exported it is the same operator."""

    def attend(self, x: Tensor, real: Tensor) -> Tensor:
        if torch.onnx.is_in_onnx_export():
            return super().attend(x, real)
        b, n, _ = x.shape
        q, k, v = (part.view(b, n, self.heads, -1).transpose(1, 2) for part in self.qkv(x).chunk(3, -1))
        scores = q @ k.transpose(-1, -2) * (WIDTH // self.heads) ** -0.5
        shares = torch.softmax(scores + (~real)[:, None, None, :].to(scores.dtype) * -1e4, -1, dtype=scores.dtype)
        return (shares @ v).transpose(1, 2).reshape(b, n, WIDTH)


class EventNet(nn.Module):
    """Event types of every piece, their status, and the roles of any piece towards any event word.

    Takes `ids` (B, L; 0 is padding), `features` (B, L, 3) and `hints` (B, L, 16). Gives `types` (B, L, 16),
    `status` (B, L, 5), `attributed` (B, L), `heads` and `tails` (B, L, 5, ROLE_WIDTH): the logit that piece j
    fills role r of event word i is heads[i, r] · tails[j, r] / sqrt(ROLE_WIDTH) + bias[r].
    """

    def __init__(self, sizes: list[int], vocabulary: int = 30522) -> None:
        super().__init__()
        self.words = nn.Embedding(vocabulary, WIDTH)
        self.places = nn.Embedding(512, WIDTH)
        self.features = nn.ModuleList(nn.Embedding(size + 1, WIDTH) for size in sizes)
        self.hints = nn.Linear(len(TYPES), WIDTH, bias=False)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(PlainLayer() for _ in range(LAYERS))
        self.dropout = nn.Dropout(0.15)
        wide = WIDTH + len(TYPES)
        self.types = nn.Sequential(
            nn.Linear(wide, WIDTH), nn.GELU(), nn.Dropout(0.15), nn.Linear(WIDTH, len(TYPES))
        )
        self.status = nn.Linear(WIDTH, len(STATUSES))
        self.attributed = nn.Linear(WIDTH, 1)
        self.heads = _two_layers()
        self.tails = _two_layers()
        self.role_bias = nn.Parameter(torch.full((len(ROLES),), -2.0))
        nn.init.constant_(self.types[-1].bias, -4.0)

    def forward(self, ids: Tensor, features: Tensor, hints: Tensor) -> tuple[Tensor, ...]:
        x = self.words(ids) + self.places.weight[: ids.shape[1]] + self.hints(hints)
        for k, table in enumerate(self.features):
            x = x + table(features[:, :, k])
        x = self.dropout(self.norm(x))
        real = ids != 0
        for layer in self.layers:
            x = layer(x, real)
        x = self.dropout(x)
        b, n, _ = x.shape
        return (
            self.types(torch.cat([x, hints.to(x.dtype)], -1)), self.status(x), self.attributed(x).squeeze(-1),
            self.heads(x).view(b, n, len(ROLES), ROLE_WIDTH), self.tails(x).view(b, n, len(ROLES), ROLE_WIDTH),
        )  # fmt: skip

    def roles(self, heads: Tensor, tails: Tensor) -> Tensor:
        """Logits (N, M, 5) of M pieces' tails (M, 5, W) for N event words' heads (N, 5, W)."""
        return torch.einsum("nrw,mrw->nmr", heads, tails) / ROLE_WIDTH**0.5 + self.role_bias


def _two_layers() -> nn.Module:
    return nn.Sequential(
        nn.Linear(WIDTH, 256), nn.GELU(), nn.Linear(256, len(ROLES) * ROLE_WIDTH)
    )


def fresh_net(sizes: list[int]) -> EventNet:
    """Give a network that begins as MiniLM; the features say nothing yet."""
    net, weights = EventNet(sizes), minilm_weights()
    with torch.no_grad():
        kind = weights["embeddings.token_type_embeddings.weight"][0]
        net.words.weight.copy_(weights["embeddings.word_embeddings.weight"])
        net.places.weight.copy_(weights["embeddings.position_embeddings.weight"] + kind)
        net.norm.weight.copy_(weights["embeddings.LayerNorm.weight"])
        net.norm.bias.copy_(weights["embeddings.LayerNorm.bias"])
        for number, layer in enumerate(net.layers):
            _load_layer(layer, weights, f"encoder.layer.{number}.")
        for table in [*net.features, net.hints]:
            nn.init.normal_(table.weight, std=0.003)
    return net
