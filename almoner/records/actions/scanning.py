"""Files that are handed over: what they are is found in their bytes, never in their name."""

from almoner.edges.papers import NotKept, Screened, screened
from almoner.records.rules.papers import Fault


class NotADocument(Exception):
    """It cannot be kept, for this reason; nothing was."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


def kept_file(content: bytes) -> Screened:
    """What is kept of a file. Takes its time. Raises NotADocument."""
    try:
        return screened(content)
    except NotKept as error:
        raise NotADocument(Fault(error.why)) from error
