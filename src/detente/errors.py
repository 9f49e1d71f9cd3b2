"""Every error that détente raises on purpose.

::

    DetenteError
    ├── SettingError     a setting is unknown or has a value that cannot be used
    ├── PackError        a pack of theatre knowledge is wrong: file, line, remedy
    ├── EngineError      a model's weights are missing, altered or unusable
    ├── StoreError       the database cannot be opened, is newer than the code, or is in use
    ├── DeskError        the desk's folder cannot be used for what was asked
    └── StageError       one item could not be handled by a stage; the desk records a Failure
        ├── CollectError     a source could not be fetched or opened
        ├── ReadError        a page could not be turned into documents
        ├── ExtractError     a document could not be turned into events
        ├── FuseError        events could not be linked
        └── PublishError     a brief or export could not be made

A message says what happened, to which thing, and what to do about it.
"""


class DetenteError(Exception):
    """Root of every error raised on purpose; its text is fit to show to a user."""


class SettingError(DetenteError):
    """A setting is unknown, or its value cannot be used."""


class PackError(DetenteError):
    """A pack of theatre knowledge is wrong; names file, line and remedy."""


class EngineError(DetenteError):
    """A model's weights are missing, altered or unusable."""


class StoreError(DetenteError):
    """The database cannot be opened, is newer than this code, or is held by another run."""


class DeskError(DetenteError):
    """The desk's folder cannot be used for what was asked."""


class StageError(DetenteError):
    """One item could not be handled by a stage; nothing else is lost.

    `subject` is the id or the path of the item; the desk stores both as a `Failure`.
    """

    def __init__(self, subject: str, message: str) -> None:
        super().__init__(subject, message)
        self.subject = subject
        self.message = message

    def __str__(self) -> str:
        return f"{self.subject}: {self.message}"


class CollectError(StageError):
    """A source could not be fetched or opened."""


class ReadError(StageError):
    """A page could not be turned into documents."""


class ExtractError(StageError):
    """A document could not be turned into events."""


class FuseError(StageError):
    """Events could not be linked into incidents."""


class PublishError(StageError):
    """A brief or an export could not be made."""
