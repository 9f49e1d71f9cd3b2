"""The one door to the database: records in, records out, each write once or not at all.

`open_store(url)` gives a `Store`; `store.writing()` gives a transaction, a `Writing`.
"""

from detente.store.holdings import Holdings
from detente.store.store import Store, open_store
from detente.store.writing import Writing

__all__ = ["Holdings", "Store", "Writing", "open_store"]
