"""The reference page of the API, from its own description."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from bongsu.web.configuration import CONFIG_VARIABLE, DATABASE_VARIABLE

_CONFIGURATION: Final = '[store]\nurl = "store"\n[site]\nfolder = "site"\n[lists]\n'
Described = Mapping[str, Any]  # Any: JSON


def api_page() -> Iterator[str]:
    """The lines of the page: each operation with its parameters and the scope that a token needs for it."""
    described = _described()
    yield from ("# The API", "", f"Under `/api/v1/`. {described['info']['description']}", "")
    yield from (
        "A token of the scope goes into the header `Authorization: Bearer bongsu_...` "
        "([how](../how-to/use-the-api.md)). A parameter with `?` may be left out; after `=` stands what is then meant. "
        "What is in braces in the path is left out here; the body is a JSON object.",
        "",
        "| operation | what it does | parameters | body | scope |",
        "|---|---|---|---|---|",
    )
    for path, methods in described["paths"].items():
        for method, told in methods.items():
            asked = ", ".join(_parameter(each) for each in told["parameters"] if each["in"] == "query")
            row = (f"`{method.upper()} {path}`", told["summary"], asked, _body(told, described), _scope(told))
            yield f"| {' | '.join(row)} |"
    yield ""


def _described() -> Described:
    """The description of the API, asked of a site of its own in a folder that is there for as long as that takes.

    A process of its own: one that has a site set up already could not set up another.
    """
    with TemporaryDirectory() as folder, ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        answer: Described = json.loads(pool.submit(_openapi, folder).result())
    return answer


def _openapi(folder: str) -> str:
    path = Path(folder) / "bongsu.toml"
    path.write_text(_CONFIGURATION, encoding="utf-8")
    os.environ[CONFIG_VARIABLE] = str(path)
    os.environ.pop(DATABASE_VARIABLE, None)
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)
    from bongsu.web import serving

    serving.ready()
    from bongsu.web.api.operations import openapi

    return openapi()


def _parameter(each: Described) -> str:
    return _named(each["name"], each["schema"], required=each["required"])


def _body(told: Described, described: Described) -> str:
    if "requestBody" not in told:
        return ""
    name = told["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    schema = described["components"]["schemas"][name]
    fields = sorted(schema["properties"].items(), key=lambda field: (field[0] not in schema["required"], field[0]))
    return ", ".join(_named(field, each, required=field in schema["required"]) for field, each in fields)


def _named(name: str, schema: Described, *, required: bool) -> str:
    if required:
        one_of = f" ({' or '.join(schema['enum'])})" if "enum" in schema else ""
        return f"`{name}`{one_of}"
    return f"`{name}?`" if schema.get("default") is None else f"`{name}? = {schema['default']}`"


def _scope(told: Described) -> str:
    return ", ".join(name.removesuffix("Token").lower() for each in told["security"] for name in each)
