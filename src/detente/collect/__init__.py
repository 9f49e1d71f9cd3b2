"""From sources to pages: what was fetched, byte for byte.

Folders and files are the first kind of source; every collector gives the same: its `Source` and a
stream of `Page` and `Failure`, in a stable order, so that one bad item never hides the good ones.
"""

from detente.collect.folders import MEDIA_TYPES, CollectLimits, guess_media_type, open_paths

__all__ = ["MEDIA_TYPES", "CollectLimits", "guess_media_type", "open_paths"]
