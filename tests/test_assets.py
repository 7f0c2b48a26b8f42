"""The files that come from npm: which, with which bytes, and what happens where they cannot be had."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent
TABLE = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
SERVED = TABLE["served"]


@pytest.fixture(scope="module")
def assets() -> ModuleType:
    found = importlib.util.spec_from_file_location("assets", ROOT / "tools" / "assets.py")
    assert found is not None and found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


@pytest.fixture
def checkout(tmp_path: Path, assets: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout on a machine without npm, whose table asks for one file that is there."""
    monkeypatch.setenv("PATH", "")
    vendor = tmp_path / assets.VENDOR
    vendor.mkdir(parents=True)
    (vendor / "one.js").write_bytes(b"1")
    (vendor / assets.LICENCES).write_text("", encoding="utf-8")
    row = {"file": "some/one.js", "sha256": hashlib.sha256(b"1").hexdigest()}
    table = {"dependencies": {"some": "1.0.0"}, "served": {"one.js": row}}
    (tmp_path / "package.json").write_text(json.dumps(table), encoding="utf-8")
    return tmp_path


def test_every_version_is_exact_and_every_file_is_known_by_its_bytes() -> None:
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in TABLE["dependencies"].values())
    assert all(re.fullmatch(r"[0-9a-f]{64}", row["sha256"]) for row in SERVED.values())
    from_packages = {re.match(r"(?:@[^/]+/)?[^/]+", row["file"])[0] for row in SERVED.values()}  # type: ignore[index]
    assert from_packages == set(TABLE["dependencies"])


def test_what_is_there_with_its_bytes_is_not_fetched_again(checkout: Path, assets: ModuleType) -> None:
    assert assets.bring(checkout) == ["one.js", assets.LICENCES]


@pytest.mark.parametrize("name", ["one.js", "another.js"])
def test_a_changed_or_a_strange_file_is_noticed(checkout: Path, assets: ModuleType, name: str) -> None:
    (checkout / assets.VENDOR / name).write_bytes(b"2")
    with pytest.raises(assets.NoAssetsError, match="there is no npm"):
        assets.bring(checkout)


@pytest.mark.skipif(sys.platform == "win32", reason="the program is a shell script")
def test_a_package_with_other_bytes_is_refused(
    checkout: Path, assets: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    npm = checkout / "bin" / "npm"
    npm.parent.mkdir()
    npm.write_text(
        "#!/bin/sh\n/bin/mkdir -p node_modules/some && echo 2 > node_modules/some/one.js\n", encoding="utf-8"
    )
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", str(npm.parent))
    (checkout / assets.VENDOR / "one.js").unlink()
    with pytest.raises(assets.NoAssetsError, match=r"some/one\.js is not the file"):
        assets.bring(checkout)
    assert not (checkout / assets.VENDOR / "one.js").exists()


def test_what_is_served_has_the_licences_of_its_packages_beside_it(assets: ModuleType) -> None:
    vendor = ROOT / assets.VENDOR
    if not vendor.is_dir():
        pytest.skip("the files of npm packages were not fetched here: python tools/assets.py")
    licences = (vendor / assets.LICENCES).read_text(encoding="utf-8")
    assert all(f"{name} {version}: " in licences for name, version in TABLE["dependencies"].items())
    found = {name: hashlib.sha256((vendor / name).read_bytes()).hexdigest() for name in SERVED}
    assert found == {name: row["sha256"] for name, row in SERVED.items()}


def test_a_wheel_is_built_from_a_source_distribution_where_there_is_no_npm(tmp_path: Path) -> None:
    pytest.importorskip("hatchling")
    built(ROOT, tmp_path, "sdist")
    with tarfile.open(next(tmp_path.glob("*.tar.gz"))) as packed:
        # The filter came with Python 3.11.4.
        packed.extractall(tmp_path, **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))
    said = built(next(tmp_path.glob("spacekg-*/")), tmp_path, "wheel")
    assert "The pages will do without their scripts: there is no npm here." in said
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        assert "spacekg/web/static/style.css" in wheel.namelist()
        assert not [name for name in wheel.namelist() if "/vendor/" in name]


def built(folder: Path, out: Path, target: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(out)],
        cwd=folder,
        env={**os.environ, "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout + done.stderr
