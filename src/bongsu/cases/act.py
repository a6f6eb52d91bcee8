"""An act: something a person does to a case; casework is nothing but acts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar


class Act:
    """What a person does to a case. Its docstring tells people what it does; its kind names it in the journal."""

    __slots__ = ()
    #: The class's name in small letters, its words joined by `_`: `send_notice`.
    kind: ClassVar[str]

    def __init_subclass__(cls) -> None:
        cls.kind = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingAct(Act):
    """What a person does to one finding of a case.

    Args:
        finding: its id.
    """

    finding: str
