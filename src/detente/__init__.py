"""Open event data that can be checked: from reports to a cited brief.

::

    from detente import load_settings, open_desk

    with open_desk(load_settings(desk="desk")) as desk:
        published = desk.run(["reports"])

The records that flow through it are in `detente.records`, the errors in `detente.errors`.
"""

from typing import TYPE_CHECKING, Any

from detente.errors import DetenteError
from detente.settings import Settings, load_settings

if TYPE_CHECKING:
    from detente.desk import Desk, open_desk

__all__ = ["Desk", "DetenteError", "Settings", "__version__", "load_settings", "open_desk"]

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """Load the desk when it is first asked for: `detente --help` should not wait for a database."""
    if name not in ("Desk", "open_desk"):
        raise AttributeError(f"module 'detente' has no attribute {name!r}")
    from detente import desk

    return getattr(desk, name)
