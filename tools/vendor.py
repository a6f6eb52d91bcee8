"""Writes src/bongsu/web/static/vendor from npm packages, as vendor.toml there lists them, and lists what it wrote.

Run it after a change of a version, a file or a replacement in vendor.toml; it needs npm. A file whose digest is not the
listed one stops it, unless `--accept` is said:

    python tools/vendor.py            make every file anew and compare
    python tools/vendor.py --accept   and write the digests of what came

Files are as published but for two things: the line that names a source map is dropped, for the maps are not shipped,
and what `replace` lists is replaced, each once and once only. `land` is not published: it is made here of the TopoJSON
of world-atlas (`tools/world.py`).
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path
from typing import Any

import world

VENDOR = Path(__file__).parents[1] / "src/bongsu/web/static/vendor"
LIST = VENDOR / "vendor.toml"
HEAD = """\
# What the site serves of others, each at vendor/<name>/<version>/. Written by tools/vendor.py, which says how.
# `from` is the path in the npm package; `made` names what tools/world.py makes of it.
"""
SOURCE_MAP = re.compile(rb"^(//# sourceMappingURL=.*|/\*# sourceMappingURL=.*\*/)\n?", re.MULTILINE)

Library = dict[str, Any]  # one [[library]] of vendor.toml: name, version, licence, files, ...


def main(*arguments: str) -> None:
    """Makes the folder anew, holds it to the list, and writes both."""
    libraries = tomllib.loads(LIST.read_text("utf-8"))["library"]
    with tempfile.TemporaryDirectory() as folder:
        made = [(library, files_of(library, Path(folder))) for library in libraries]
    changed = [
        f"{library['name']} {library['version']}: {file['path']}"
        for library, contents in made
        for file in library["files"]
        if file.get("sha384") != digest(contents[file["path"]])
    ]
    if changed and "--accept" not in arguments:
        sys.exit("\n".join(["not as listed (--accept takes them as they are):", *changed]))
    for child in VENDOR.iterdir():
        if child.is_dir():
            shutil.rmtree(child)
    for library, contents in made:
        for file in library["files"]:
            file["sha384"] = digest(contents[file["path"]])
            written = VENDOR / library["name"] / library["version"] / file["path"]
            written.parent.mkdir(parents=True, exist_ok=True)
            written.write_bytes(contents[file["path"]])
    LIST.write_text(listed(libraries), "utf-8")
    print(len(changed), "changed,", sum(path.stat().st_size for path in VENDOR.rglob("*.*")), "bytes")


def files_of(library: Library, folder: Path) -> dict[str, bytes]:
    """Each file of a library by its path, as it is shipped."""
    package = unpacked(library["name"], library["version"], folder)
    contents = {}
    for file in library["files"]:
        if "made" in file:
            contents[file["path"]] = world.LAYERS[file["made"]](json.loads((package / file["from"]).read_bytes()))
            continue
        taken = (package / file["from"]).read_bytes()
        if file["path"].endswith((".js", ".mjs", ".css")):
            taken = SOURCE_MAP.sub(b"", taken)
        for old, new in file.get("replace", []):
            if taken.count(old.encode()) != 1:
                sys.exit(f"{library['name']}: {file['path']} holds {taken.count(old.encode())} times: {old}")
            taken = taken.replace(old.encode(), new.encode())
        contents[file["path"]] = taken
    return contents


def unpacked(name: str, version: str, folder: Path) -> Path:
    """The folder of an npm package of this version."""
    npm = shutil.which("npm") or sys.exit("npm is not installed")
    command = [npm, "pack", f"{name}@{version}", "--silent", "--pack-destination", str(folder)]
    archive = subprocess.run(command, check=True, capture_output=True, text=True, cwd=folder).stdout.split()[-1]
    with tarfile.open(folder / archive) as packed:
        packed.extractall(folder / name, filter="data")
    return folder / name / "package"


def digest(content: bytes) -> str:
    """SHA-384 as in Subresource Integrity, section 3.1."""
    return "sha384-" + base64.b64encode(hashlib.sha384(content).digest()).decode()


def listed(libraries: list[Library]) -> str:
    """vendor.toml of these libraries, in their order."""
    lines = [HEAD]
    for library in libraries:
        lines.append("[[library]]")
        lines += [
            f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in library.items() if key != "files"
        ]
        lines.append("files = [")
        for file in library["files"]:
            pairs = ", ".join(f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in file.items())
            lines.append(f"    {{ {pairs} }},")
        lines.append("]\n")
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    main(*sys.argv[1:])
