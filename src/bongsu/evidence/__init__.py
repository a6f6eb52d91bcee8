"""Evidence: exhibits by digest on any fsspec file system, the custody log, and the inspection of both."""

from bongsu.evidence.capture import Capture, CaptureStatus
from bongsu.evidence.custody import CustodyEntry, CustodyEvent, CustodyLog, Damage, EventKind
from bongsu.evidence.exhibit import Exhibit
from bongsu.evidence.exhibits import ExhibitRecord, ExhibitStore
from bongsu.evidence.folder import Folder
from bongsu.evidence.inspection import Scrub, exhibit_states
from bongsu.evidence.media import guess_media_type
from bongsu.evidence.own_file import own_file, read_own_file, write_own_file
from bongsu.evidence.redaction import redacted_text, redacted_url
from bongsu.evidence.unpack import unpack
from bongsu.kernel.chain import EMPTY, Anchor

__all__ = [
    "EMPTY",
    "Anchor",
    "Capture",
    "CaptureStatus",
    "CustodyEntry",
    "CustodyEvent",
    "CustodyLog",
    "Damage",
    "EventKind",
    "Exhibit",
    "ExhibitRecord",
    "ExhibitStore",
    "Folder",
    "Scrub",
    "exhibit_states",
    "guess_media_type",
    "own_file",
    "read_own_file",
    "redacted_text",
    "redacted_url",
    "unpack",
    "write_own_file",
]
