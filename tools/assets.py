"""assets    fetch what the pages take from npm, as package.json lists it, into the folder that is served."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

TABLE = "package.json"
VENDOR = Path("src", "spacekg", "web", "static", "vendor")
"""Where the files go; git ignores it."""
LICENCES = "LICENCES.txt"
PATIENCE = 90
"""Seconds after which a package manager that reaches nothing is stopped."""
NPM = (
    "install",
    "--ignore-scripts",
    "--no-package-lock",
    "--no-audit",
    "--no-fund",
    "--prefer-offline",
    "--fetch-retries=1",
    "--fetch-retry-mintimeout=1000",
    "--fetch-timeout=20000",
    "--loglevel=error",
)
"""No script of a package runs, and nothing is asked but the packages themselves."""


class NoAssetsError(Exception):
    """The files cannot be had; says why. The pages do without them."""


def bring(root: Path) -> list[str]:
    """Bring every file of the table into the folder of a checkout, and the licence texts of all packages beside them.

    What is there already, with the right bytes, is not fetched again. Gives the names of the files.

    Raises:
        NoAssetsError: there is no npm, it failed, or a file has other bytes than the table says.
    """
    table = json.loads((root / TABLE).read_text(encoding="utf-8"))
    vendor = root / VENDOR
    names = [*table["served"], LICENCES]
    if not _complete(vendor, table):
        with tempfile.TemporaryDirectory() as scratch:
            packages = _install(Path(scratch), table["dependencies"])
            found = {name: _read(packages, row) for name, row in table["served"].items()}
            found[LICENCES] = _licences(packages).encode()
        _replace(vendor, found)
    return names


def _complete(vendor: Path, table: dict[str, Any]) -> bool:
    """Whether nothing but what the table lists is there, with its bytes."""
    wanted = {name: row["sha256"] for name, row in table["served"].items()}
    there = {path.name: path for path in vendor.iterdir()} if vendor.is_dir() else {}
    if set(there) != {*wanted, LICENCES}:
        return False
    return all(_digest(there[name].read_bytes()) == digest for name, digest in wanted.items())


def _install(folder: Path, dependencies: dict[str, str]) -> Path:
    npm = shutil.which("npm")
    if npm is None:
        raise NoAssetsError("there is no npm here")
    (folder / TABLE).write_text(json.dumps({"private": True, "dependencies": dependencies}), encoding="utf-8")
    try:
        subprocess.run([npm, *NPM], cwd=folder, check=True, capture_output=True, text=True, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        raise NoAssetsError(f"npm took more than {PATIENCE} s") from None
    except (OSError, subprocess.CalledProcessError) as error:
        said = str(getattr(error, "stderr", "") or error).strip().splitlines()
        raise NoAssetsError(f"npm could not fetch the packages: {said[0] if said else 'it does not say why'}") from None
    return folder / "node_modules"


def _read(packages: Path, row: dict[str, str]) -> bytes:
    path = packages / row["file"]
    content = path.read_bytes() if path.is_file() else b""
    if _digest(content) != row["sha256"]:
        raise NoAssetsError(f"{row['file']} is not the file that {TABLE} knows by its SHA-256")
    return content


def _licences(packages: Path) -> str:
    """Write the licence texts of all packages that came: those asked for, and those whose code is in their files."""
    parts = []
    for told in sorted(packages.glob("*/package.json")) + sorted(packages.glob("@*/*/package.json")):
        package = json.loads(told.read_text(encoding="utf-8"))
        heading = f"{package['name']} {package['version']}: {package.get('license', 'no licence is named')}"
        texts = sorted(path for path in told.parent.iterdir() if path.name.lower().startswith(("licen", "notice")))
        body = "\n\n".join(path.read_text(encoding="utf-8", errors="replace").strip() for path in texts)
        source = package.get("homepage") or "see its package.json"
        parts.append(f"{heading}\n\n{body or f'The package has no licence text of its own: {source}'}\n")
    return ("\n" + "=" * 78 + "\n\n").join(parts)


def _replace(vendor: Path, found: dict[str, bytes]) -> None:
    if vendor.exists():
        shutil.rmtree(vendor)
    vendor.mkdir(parents=True)
    for name, content in found.items():
        (vendor / name).write_bytes(content)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


if __name__ == "__main__":
    try:
        print(*bring(Path(__file__).resolve().parent.parent))
    except NoAssetsError as error:
        sys.exit(f"The pages do without their scripts: {error}.")
