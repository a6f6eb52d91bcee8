"""What a request may ask: what an operation does not know is refused, never passed over.

Who asks for a day under a name that is not the operation's would take the answer of today for that day's.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ClassVar

from django.http import HttpRequest
from ninja import Schema

from bongsu.kernel.errors import UsageError

View = Callable[..., Any]  # Any: what an operation gives


class Asked(Schema):
    """A body: each field by its name or, where it has one, its alias, and no others."""

    model_config: ClassVar = {"extra": "forbid", "populate_by_name": True}


def no_others(view: View) -> View:
    """An operation that refuses what its address asks besides, or twice."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **known: Any) -> Any:  # Any: as the operation has them
        others = sorted(set(request.GET) - set(known))
        twice = sorted(name for name in request.GET if len(request.GET.getlist(name)) > 1)
        if others:
            raise UsageError(f"nothing is called {others[0]!r} here", remedy=f"it knows {', '.join(sorted(known))}")
        if twice:
            raise UsageError(f"{twice[0]!r} is given twice", remedy="give it once")
        return view(request, *args, **known)

    return asked
