"""The classifier's network: MiniLM over a sentence with marks, heads on [CLS] and on the marks."""

import torch
from torch import Tensor, nn
from transformers import AutoModel

from detente.engines.marks import MARKS
from training.events.data import STATUSES

from .data import LABELS

OUTPUTS = ("types", "styled", "status", "modes", "some", "vector")


class PairNet(nn.Module):
    """Gives for B sentences the arrays of `OUTPUTS`.

    `types` (B, 17) are logits in the sense of our guidelines, `styled` (B, 17) in that of the
    Zero-Shot-PLOVER labels (the same plus a learned difference), `status` (B, 5), `modes` (B, M), `some`
    (B,) the logit that the sentence reports any event, `vector` (B, 384) the sentence's vector, not yet
    of length 1.
    """

    def __init__(self, encoder_folder: str, modes: int) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(
            encoder_folder,
            add_pooling_layer=False,
            attn_implementation="eager",  # sdpa: 28 % slower on a core
        )
        width = self.encoder.config.hidden_size
        self.dropout = nn.Dropout(0.15)
        self.mix = nn.Sequential(nn.Linear(3 * width, width), nn.Tanh(), nn.Dropout(0.15))
        self.types = nn.Linear(width, len(LABELS))
        self.style = nn.Linear(width, len(LABELS))
        self.status_mix = nn.Sequential(nn.Linear(4 * width, width), nn.Tanh(), nn.Dropout(0.15))
        self.status = nn.Linear(width, len(STATUSES))
        self.modes = nn.Linear(width, modes)
        self.some = nn.Linear(2 * width, 1)
        self.vector = nn.Linear(width, width, bias=False)
        nn.init.eye_(self.vector.weight)
        nn.init.zeros_(self.style.weight)
        nn.init.zeros_(self.style.bias)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, ...]:
        hidden = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        words = attention_mask * ((input_ids == 0) | (input_ids > 6)).to(attention_mask.dtype)
        real = words.unsqueeze(-1).to(hidden.dtype)
        mean = (hidden * real).sum(1) / real.sum(1)
        drop = self.dropout(hidden)
        cls = drop[:, 0]

        def at(kind: str, otherwise: Tensor) -> Tensor:
            here = (input_ids == MARKS[kind][0]).to(hidden.dtype).unsqueeze(-1)
            return (drop * here).sum(1) + otherwise * (1 - here.sum(1).clamp(max=1))

        event = at("e", cls)
        source, target = at("s", event), at("t", event)
        mixed = self.mix(torch.cat([cls, source, target], -1))
        types = self.types(mixed)
        status = self.status(self.status_mix(torch.cat([cls, source, target, event], -1)))
        some = self.some(torch.cat([cls, mean], -1)).squeeze(-1)
        return types, types + self.style(mixed), status, self.modes(mixed), some, self.vector(mean)
