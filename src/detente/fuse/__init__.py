"""Fuse: reports of one happening become one incident, with who asserts what, and what is disputed.

::

    events
    | sketch_event, card_of      which events are compared at all
    | log_odds, explain_pair     how likely two tell of one incident, feature by feature
    | cluster                    groups, the same for any order of the documents
    | find_subjects              which acts an accusation, a denial or a threat is about
    | make_incident              claims, contradictions, voices, credibility, status history
    links (a ledger), incidents

`fuse_events` does all of it for events at hand, `Whole` for a desk of any size, `fuse_more` for what changed on a
desk that was fused before; all three give the same incidents. A person's judgement (`judge`) stands above the
machine's, can be withdrawn (`withdraw`), and is found again after a page was read anew.
"""

from detente.fuse.blocks import block_keys, card_of
from detente.fuse.cluster import cluster
from detente.fuse.corrections import FIELDS
from detente.fuse.features import FEATURES, explain
from detente.fuse.fusing import Fused, fuse_events, fuse_recipe, known_with
from detente.fuse.incident import Known, make_incident
from detente.fuse.judgements import Judged, is_human, judge, merge, read_judgements, split, withdraw
from detente.fuse.more import Change, fuse_more
from detente.fuse.score import Weights, explain_pair, log_odds, shipped_weights
from detente.fuse.sketch import Sketch, sketch_event
from detente.fuse.whole import Whole

__all__ = [
    "FEATURES",
    "FIELDS",
    "Change",
    "Fused",
    "Judged",
    "Known",
    "Sketch",
    "Weights",
    "Whole",
    "block_keys",
    "card_of",
    "cluster",
    "explain",
    "explain_pair",
    "fuse_events",
    "fuse_more",
    "fuse_recipe",
    "is_human",
    "judge",
    "known_with",
    "log_odds",
    "make_incident",
    "merge",
    "read_judgements",
    "shipped_weights",
    "sketch_event",
    "split",
    "withdraw",
]
