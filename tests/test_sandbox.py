"""A confined process keeps what it has and gets nothing more."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import BinaryIO

import pytest

from spacekg import rdf_files, sandbox
from spacekg.answers import Limits
from spacekg.errors import ReleaseError
from spacekg.sandbox import ApartError

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds all of it")

TRY = """
import json, os, socket, subprocess, sys
from spacekg import sandbox
held = sandbox.confine(1 << 30)
deeds = {
    "network": socket.socket,
    "files": lambda: open(sys.argv[1]),
    "written": lambda: open(sys.argv[1], "w"),
    "removed": lambda: os.remove(sys.argv[1]),
    "processes": lambda: subprocess.run(["true"]),
    "signals": lambda: os.kill(os.getppid(), 0),
    "memory": lambda: bytearray(2 << 30),
}
outcomes = {}
for name, deed in deeds.items():
    try:
        deed()
        outcomes[name] = "done"
    except (OSError, MemoryError) as error:
        outcomes[name] = type(error).__name__
sys.stdout.write(json.dumps([held, outcomes]))
"""


def test_a_confined_process_reaches_nothing(tmp_path: Path) -> None:
    file = tmp_path / "kept"
    file.write_text("kept")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", TRY, str(file)], capture_output=True, env=environment, check=True)
    held, outcomes = json.loads(done.stdout)
    if "network" not in held:
        pytest.skip("this kernel has no seccomp")
    assert outcomes.pop("memory") == "MemoryError"
    assert set(outcomes.values()) == {"PermissionError"}
    assert file.read_text() == "kept"


def test_what_is_poured_comes_as_it_is_written_and_then_its_error() -> None:
    def write(out: BinaryIO) -> None:
        out.write(b"x" * 3_000_000)
        raise ValueError("line 7 is broken")

    with sandbox.pouring(write, 20, 1 << 32) as poured:
        assert poured.read(2_000_000) == b"x" * 2_000_000
        with pytest.raises(ApartError, match="line 7 is broken"):
            poured.read()


def test_a_file_that_breaks_late_is_refused_whole(tmp_path: Path) -> None:
    broken = tmp_path / "broken.nt"
    broken.write_text('<http://example.org/a> <http://example.org/b> "c" .\n' * 50_000 + "<broken\n")
    with pytest.raises(ReleaseError, match=r"broken\.nt: cannot be read.*line 50001"):
        rdf_files.load([broken], {}, {}, Limits())


def test_what_is_made_apart_comes_back() -> None:
    assert sandbox.apart(lambda: b"x" * 3_000_000, 20, 1 << 32) == b"x" * 3_000_000
    assert sandbox.apart(lambda: b"", 20, 1 << 32) == b""


def test_what_goes_wrong_apart_is_one_error() -> None:
    def wrong() -> bytes:
        raise SyntaxError("line 3 is no good")

    def endless() -> bytes:
        while True:
            pass

    with pytest.raises(ApartError, match="line 3 is no good"):
        sandbox.apart(wrong, 20, 1 << 32)
    with pytest.raises(ApartError, match=r"0\.3 seconds"):
        sandbox.apart(endless, 0.3, 1 << 32)
    with pytest.raises(ApartError, match="memory"):
        sandbox.apart(lambda: bytes(1 << 33), 20, 1 << 30)
    with pytest.raises(ApartError, match="broke down"):
        sandbox.apart(lambda: os._exit(3), 20, 1 << 32)  # type: ignore[arg-type,return-value]


RDF = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">{}</rdf:RDF>'
TENFOLD = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(9))
ABOUT = '<rdf:Description rdf:about="a:a"><rdf:value>{}</rdf:value></rdf:Description>'
FILES = {
    "laughs.rdf": f'<!DOCTYPE r [<!ENTITY e0 "ha">{TENFOLD}]>{RDF.format(ABOUT.format("&e9;"))}',
    "deep.jsonld": '{"a:b":' * 16_000 + "1" + "}" * 16_000,
    "cut.ttl": "<a:a> <a:b> ",
    "outside.rdf": f'<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/hostname">]>{RDF.format(ABOUT.format("&e;"))}',
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_meant_to_do_harm_is_one_error(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(FILES[name])
    with pytest.raises(ReleaseError, match=name):
        rdf_files.load([tmp_path / name], {}, {}, Limits())


def test_what_is_read_apart_is_what_stands_there(tmp_path: Path) -> None:
    (tmp_path / "ok.ttl").write_text("@prefix e: <http://e/> . e:a e:b [ e:c <<( e:x e:y 'ü'@de )>> ], 1.50 .")
    assert rdf_files.load([tmp_path / "ok.ttl"], {}, {}, Limits()).summary.triples == 3
    assert rdf_files.prefixes([tmp_path / "ok.ttl"]) == {"e": "http://e/"}
