"""The classifier's network: MiniLM over a sentence with marks, heads on [CLS] and the two marks."""

import torch
from torch import Tensor, nn
from transformers import AutoModel

from training.events.data import STATUSES

from .data import LABELS

MARKS = {"s": 1, "/s": 2, "t": 3, "/t": 4}  # [unused0] … of the vocabulary


class PairNet(nn.Module):
    """Gives `types` (B, 17), `status` (B, 5), `modes` (B, M), `some` (B,) and `vector` (B, 384), the mean of the words."""

    def __init__(self, encoder_folder: str, modes: int) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(encoder_folder, add_pooling_layer=False)
        width = self.encoder.config.hidden_size
        self.dropout = nn.Dropout(0.15)
        self.mix = nn.Sequential(nn.Linear(3 * width, width), nn.Tanh(), nn.Dropout(0.15))
        self.types = nn.Linear(width, len(LABELS))
        self.status = nn.Linear(width, len(STATUSES))
        self.modes = nn.Linear(width, modes)
        self.some = nn.Linear(width, 1)
        self.vector = nn.Linear(width, width, bias=False)
        nn.init.eye_(self.vector.weight)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, ...]:
        hidden = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        real = attention_mask.unsqueeze(-1).to(hidden.dtype)
        mean = (hidden * real).sum(1) / real.sum(1)
        drop = self.dropout(hidden)
        cls = drop[:, 0]

        def at(mark: int) -> Tensor:
            here = (input_ids == mark).to(hidden.dtype).unsqueeze(-1)
            return (drop * here).sum(1) + cls * (1 - here.sum(1).clamp(max=1))

        mixed = self.mix(torch.cat([cls, at(MARKS["s"]), at(MARKS["t"])], -1))
        return (
            self.types(mixed),
            self.status(mixed),
            self.modes(mixed),
            self.some(mixed).squeeze(-1),
            self.vector(mean),
        )
