"""errors    what can go wrong that a user can act on."""


class SpacekgError(Exception):
    """The root of every error that is shown to a user as one line: what is wrong and what to do."""


class DocumentError(SpacekgError):
    """A document cannot be read: missing, empty, binary, broken, too large or of an unknown kind."""


class ClusterError(SpacekgError):
    """A cluster that reads documents is not there, was lost, or runs another spacekg; what it read before is kept."""


class DeclarationError(SpacekgError):
    """A file of `ontology/`, `data/` or `queries/` is wrong; the message names the file and the line."""


class ReleaseError(SpacekgError):
    """A release is missing, damaged or not where it was said to be."""


class InvalidGraphError(SpacekgError):
    """A graph breaks a shape or contradicts the ontology, so it is not published."""


class UnknownFormatError(SpacekgError):
    """No format has that name, ending or media type; the message lists those that exist."""


class UnknownQueryError(SpacekgError):
    """No shipped query has that name; the message lists the nearest ones."""


class BadQueryError(SpacekgError):
    """A SPARQL query cannot be parsed or asks for what a read-only endpoint does not do."""


class RemoteError(SpacekgError):
    """A remote SPARQL endpoint did not answer, or answered what cannot be used."""


class TableError(SpacekgError):
    """A list to link cannot be read or written, or names a column, class or property that does not exist."""


class ExtractorError(SpacekgError):
    """An extractor plug-in is not installed, not set up, or refused by the service it asks."""


class PlotError(SpacekgError):
    """A picture cannot be drawn: nothing fits the filters, or the file's ending is none."""


class BackendError(SpacekgError):
    """The SPARQL server that holds the statements is not there, or does not answer as such a server does."""


class AbsentError(BackendError, ReleaseError):
    """The server does not hold a release, or not the whole of it; another one may be there."""


class MissingExtraError(SpacekgError):
    """A library that is only needed for some things is not installed; the message says how to get it."""

    def __init__(self, library: str, extra: str) -> None:
        super().__init__(library, extra)  # from which it is made again where it came out of another process

    def __str__(self) -> str:
        return "{} is not installed: pip install 'spacekg[{}]'".format(*self.args)
