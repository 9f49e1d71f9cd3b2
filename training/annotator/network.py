"""The annotator's network: the lower layers of MiniLM and one small head per question."""

import torch
from torch import Tensor, nn
from torch.nn import functional

WIDTH = 384
SHAPES = 24
ARC = 192
REL = 256


class Layer(nn.Module):
    """One transformer layer, with the sums in the order of BERT."""

    def __init__(self, heads: int = 12, inner: int = 1536, dropout: float = 0.1) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)
        self.norm1 = nn.LayerNorm(WIDTH, eps=1e-12)
        self.up = nn.Linear(WIDTH, inner)
        self.down = nn.Linear(inner, WIDTH)
        self.norm2 = nn.LayerNorm(WIDTH, eps=1e-12)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, real: Tensor) -> Tensor:
        """`x` (B, L, width), `real` (B, L) tells pieces from padding."""
        x = self.norm1(x + self.dropout(self.out(self.attend(x, real))))
        return self.norm2(x + self.dropout(self.down(functional.gelu(self.up(x)))))

    def attend(self, x: Tensor, real: Tensor) -> Tensor:
        """Each piece's mixture of the others' values."""
        batch, length, _ = x.shape
        if torch.onnx.is_in_onnx_export():
            parts = zip(self.qkv.weight.chunk(3), self.qkv.bias.chunk(3), strict=True)
            q, k, v = (functional.linear(x, weight, bias) for weight, bias in parts)
            mixed: Tensor = _Fused.apply(q, k, v, real.sum(1, dtype=torch.int32), self.heads)
            return mixed
        q, k, v = (
            part.view(batch, length, self.heads, -1).transpose(1, 2) for part in self.qkv(x).chunk(3, -1)
        )
        mask = (~real)[:, None, None, :].to(q.dtype) * -1e4
        mixed = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        return mixed.transpose(1, 2).reshape(batch, length, WIDTH)


class _Fused(torch.autograd.Function):
    """Attention as one operator of onnxruntime, which spares the copies between its steps."""

    @staticmethod
    def forward(_, q: Tensor, k: Tensor, v: Tensor, *_lengths_and_heads: object) -> Tensor:
        """Only the shape counts: the tracer looks at it."""
        return q + k + v

    @staticmethod
    def symbolic(g, q, k, v, lengths, heads: int):
        """Queries, keys, values (B, L, width) and how many pieces of each row are real."""
        none = g.op("prim::Constant")
        none.setType(torch._C.OptionalType.ofTensor())
        out = g.op("com.microsoft::MultiHeadAttention", q, k, v, none, lengths, num_heads_i=heads)
        out.setType(q.type())
        return out


class Network(nn.Module):
    """Pieces in; for each word its state, head scores, tags, sentence start and entity label."""

    def __init__(self, *, vocabulary: int, layers: int, sizes: dict[str, int]) -> None:
        super().__init__()
        self.words = nn.Embedding(vocabulary, WIDTH)
        self.places = nn.Embedding(512, WIDTH)
        self.shapes = nn.Embedding(SHAPES, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.dropout = nn.Dropout(0.1)
        self.layers = nn.ModuleList(Layer() for _ in range(layers))
        self.root = nn.Parameter(torch.zeros(WIDTH))
        self.arc_dep = nn.Linear(WIDTH, ARC)
        self.arc_head = nn.Linear(WIDTH, ARC)
        self.arc = nn.Parameter(torch.zeros(ARC + 1, ARC))
        self.labels = Labels(sizes["deps"])
        self.flat = nn.Linear(WIDTH, sizes["pos"] + sizes["tags"] + 1 + sizes["ner"])
        self.cuts = [sizes["pos"], sizes["tags"], 1, sizes["ner"]]

    def forward(self, pieces: Tensor, shapes: Tensor, firsts: Tensor, lasts: Tensor) -> tuple[Tensor, ...]:
        """`pieces`, `shapes` (B, L), 0 is padding; `firsts`, `lasts` (B, W) places of the words.

        Gives states (B, W, width), arcs (B, W, 1 + W) with the root in front, and the flat heads.
        """
        x = self.words(pieces) + self.places.weight[: pieces.shape[1]] + self.shapes(shapes)
        x = self.dropout(self.norm(x))
        real = pieces != 0
        for layer in self.layers:
            x = layer(x, real)
        states = (_pick(x, firsts) + _pick(x, lasts)) * 0.5
        states = self.dropout(states)
        return states, self.arcs(states), self.flat(states)

    def arcs(self, states: Tensor) -> Tensor:
        """Scores of every word's possible heads."""
        dep = functional.gelu(self.arc_dep(states))
        root = self.root.expand(states.shape[0], 1, WIDTH)
        head = functional.gelu(self.arc_head(torch.cat([root, states], dim=1)))
        return (dep @ self.arc[:-1] + self.arc[-1]) @ head.transpose(1, 2)


class Labels(nn.Module):
    """The relation between a word and its head, from the states of both (a low-rank bilinear form)."""

    def __init__(self, relations: int) -> None:
        super().__init__()
        self.dep = nn.Linear(WIDTH, REL)
        self.head = nn.Linear(WIDTH, REL)
        self.scores = nn.Linear(3 * REL, relations)
        self.dropout = nn.Dropout(0.1)

    def forward(self, dep: Tensor, head: Tensor) -> Tensor:
        """States (N, width) twice; scores (N, relations)."""
        one = self.dropout(functional.gelu(self.dep(dep)))
        two = self.dropout(functional.gelu(self.head(head)))
        return self.scores(torch.cat([one, two, one * two], dim=1))


def _pick(x: Tensor, places: Tensor) -> Tensor:
    return x.gather(1, places.unsqueeze(-1).expand(-1, -1, WIDTH))


def load_minilm(network: Network, weights: dict[str, Tensor]) -> None:
    """Copies the embeddings and the lower layers of a BERT checkpoint into the network."""
    with torch.no_grad():
        _load_embeddings(network, weights)
        for number, layer in enumerate(network.layers):
            _load_layer(layer, weights, f"encoder.layer.{number}.")
        for parameter in (network.arc, network.root):
            nn.init.normal_(parameter, std=0.02)


def _load_embeddings(network: Network, weights: dict[str, Tensor]) -> None:
    network.words.weight.copy_(weights["embeddings.word_embeddings.weight"])
    kind = weights["embeddings.token_type_embeddings.weight"][0]
    network.places.weight.copy_(weights["embeddings.position_embeddings.weight"] + kind)
    network.shapes.weight.normal_(std=0.005)
    network.norm.weight.copy_(weights["embeddings.LayerNorm.weight"])
    network.norm.bias.copy_(weights["embeddings.LayerNorm.bias"])


def _load_layer(layer: nn.Module, weights: dict[str, Tensor], at: str) -> None:
    parts = [f"{at}attention.self.{name}" for name in ("query", "key", "value")]
    layer.qkv.weight.copy_(torch.cat([weights[f"{part}.weight"] for part in parts]))
    layer.qkv.bias.copy_(torch.cat([weights[f"{part}.bias"] for part in parts]))
    for ours, theirs in (
        ("out", "attention.output.dense"),
        ("norm1", "attention.output.LayerNorm"),
        ("up", "intermediate.dense"),
        ("down", "output.dense"),
        ("norm2", "output.LayerNorm"),
    ):
        module = getattr(layer, ours)
        module.weight.copy_(weights[f"{at}{theirs}.weight"])
        module.bias.copy_(weights[f"{at}{theirs}.bias"])
