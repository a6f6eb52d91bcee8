"""Evidence: exhibits by digest on any fsspec file system, the custody log, and the inspection of both."""

from bongsu.evidence.capture import Capture, CaptureStatus
from bongsu.evidence.custody import CustodyEntry, CustodyEvent, CustodyLog, Damage, EventKind
from bongsu.evidence.exhibit import Exhibit
from bongsu.evidence.exhibits import ExhibitRecord, ExhibitStore
from bongsu.evidence.folder import Folder
from bongsu.evidence.held import SALT_BYTES, Opening, held_since, log_commitment, log_revealed
from bongsu.evidence.inspection import Scrub, exhibit_states
from bongsu.evidence.media import guess_media_type
from bongsu.evidence.own_file import own_file, read_own_file, write_own_file
from bongsu.evidence.redaction import redacted_text, redacted_url
from bongsu.evidence.timestamps import (
    Stamp,
    StampState,
    Timestamps,
    checked_authorities,
    keep_token,
    read_timestamps,
)
from bongsu.evidence.token import Authority, TokenError, new_query, read_certificate
from bongsu.evidence.unpack import GZIP, unpack
from bongsu.kernel.chain import EMPTY, Anchor

__all__ = [
    "EMPTY",
    "GZIP",
    "SALT_BYTES",
    "Anchor",
    "Authority",
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
    "Opening",
    "Scrub",
    "Stamp",
    "StampState",
    "Timestamps",
    "TokenError",
    "checked_authorities",
    "exhibit_states",
    "guess_media_type",
    "held_since",
    "keep_token",
    "log_commitment",
    "log_revealed",
    "new_query",
    "own_file",
    "read_certificate",
    "read_own_file",
    "read_timestamps",
    "redacted_text",
    "redacted_url",
    "unpack",
    "write_own_file",
]
