"""The event reader's network: one pass of MiniLM over a sentence, small heads on its tokens."""

import torch
from torch import Tensor, nn
from transformers import AutoModel

from .data import STATUSES, TYPES

ROLE_WIDTH = 96


class EventNet(nn.Module):
    """Token-wise event types, their status, and the roles of any token towards any trigger.

    Gives for a batch (B sentences, L pieces): `types` (B, L, 16), `status` (B, L, 5),
    `attributed` (B, L), `heads` and `tails` (B, L, 2, ROLE_WIDTH): the logit that token j is the
    actor (0) or the recipient (1) of trigger i is heads[i, r] · tails[j, r] + bias[r].
    """

    def __init__(self, encoder_folder: str) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(encoder_folder, add_pooling_layer=False)
        width = self.encoder.config.hidden_size
        self.dropout = nn.Dropout(0.15)
        self.types = nn.Sequential(
            nn.Linear(width, width), nn.GELU(), nn.Dropout(0.15), nn.Linear(width, len(TYPES))
        )
        self.status = nn.Linear(width, len(STATUSES))
        self.attributed = nn.Linear(width, 1)
        self.heads = nn.Sequential(
            nn.Linear(width, 2 * ROLE_WIDTH), nn.GELU(), nn.Linear(2 * ROLE_WIDTH, 2 * ROLE_WIDTH)
        )
        self.tails = nn.Sequential(
            nn.Linear(width, 2 * ROLE_WIDTH), nn.GELU(), nn.Linear(2 * ROLE_WIDTH, 2 * ROLE_WIDTH)
        )
        self.role_bias = nn.Parameter(torch.full((2,), -1.0))
        nn.init.constant_(self.types[-1].bias, -4.0)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, ...]:
        hidden = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        hidden = self.dropout(hidden)
        b, n, _ = hidden.shape
        return (
            self.types(hidden), self.status(hidden), self.attributed(hidden).squeeze(-1),
            self.heads(hidden).view(b, n, 2, ROLE_WIDTH), self.tails(hidden).view(b, n, 2, ROLE_WIDTH),
        )  # fmt: skip

    def roles(self, heads: Tensor, tails: Tensor) -> Tensor:
        """Logits of tokens (L, 2) for one trigger's head (2, W) and a sentence's tails (L, 2, W)."""
        return (tails * heads).sum(-1) / ROLE_WIDTH**0.5 + self.role_bias
