"""The files of docs/deployment say what their programs read, and two front ends behind that proxy lose no request."""

from __future__ import annotations

import itertools
import json
import os
import re
import shlex
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import kubernetes_validate
import promql_parser
import pytest
import yaml
from tests import fronts
from tests.fronts import COUNT, Front

from spacekg.cli.serving import serve
from spacekg.declared import Declared

FILES = Path(__file__).resolve().parent.parent / "docs" / "deployment"
NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
OPENSSL = shutil.which("openssl")
HADOLINT = shutil.which("hadolint", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
needs_nginx = pytest.mark.skipif(not (NGINX and OPENSSL), reason="there is no nginx, or no openssl")


def manifests() -> dict[str, dict[str, Any]]:
    read = yaml.safe_load_all((FILES / "kubernetes.yaml").read_text(encoding="utf-8"))
    return {each["kind"]: each for each in read}


def unit() -> dict[str, str]:
    lines = (FILES / "spacekg@.service").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


def commands() -> dict[str, list[str]]:
    """The options of `spacekg serve` in each of the files."""
    container = re.search(r"^CMD (.*)$", (FILES / "Containerfile").read_text(encoding="utf-8"), re.MULTILINE)
    assert container
    pod = manifests()["Deployment"]["spec"]["template"]["spec"]
    return {
        "spacekg@.service": shlex.split(unit()["ExecStart"].replace("%i", "8001"))[1:],
        "Containerfile": json.loads(container[1]),
        "kubernetes.yaml": pod["containers"][0]["args"],
    }


@pytest.mark.parametrize("name", ["spacekg@.service", "Containerfile", "kubernetes.yaml"])
def test_a_file_starts_the_server_with_options_it_has(name: str) -> None:
    command, *options = commands()[name]
    assert command == "serve"
    read = serve.make_context("serve", options)
    assert read.params["port"] in (8000, 8001)
    assert "folder" in read.params


def test_the_manifests_fit_together() -> None:
    found = manifests()
    pod = found["Deployment"]["spec"]["template"]
    labels = pod["metadata"]["labels"]
    assert all(each["apiVersion"] and each["metadata"]["name"] for each in found.values())
    assert found["Deployment"]["spec"]["selector"]["matchLabels"] == labels
    assert found["Service"]["spec"]["selector"] == labels
    assert found["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"] == labels
    assert found["NetworkPolicy"]["spec"]["podSelector"]["matchLabels"] == labels
    claims = [each["persistentVolumeClaim"]["claimName"] for each in pod["spec"]["volumes"] if "emptyDir" not in each]
    assert claims == [found["PersistentVolumeClaim"]["metadata"]["name"]]
    container = pod["spec"]["containers"][0]
    assert {each["name"] for each in container["volumeMounts"]} == {each["name"] for each in pod["spec"]["volumes"]}
    options = serve.make_context("serve", container["args"][1:]).params
    assert container["ports"] == [{"name": "http", "containerPort": options["port"]}]
    assert str(options["folder"]) in {each["mountPath"] for each in container["volumeMounts"]}
    backend = found["Ingress"]["spec"]["rules"][0]["http"]["paths"][0]["backend"]["service"]
    assert backend["name"] == found["Service"]["metadata"]["name"]
    assert backend["port"]["name"] in {each["name"] for each in found["Service"]["spec"]["ports"]}


KUBERNETES = ("1.30", kubernetes_validate.latest_version())


@pytest.mark.parametrize("version", KUBERNETES)
def test_the_manifests_are_what_kubernetes_takes(version: str) -> None:
    for each in manifests().values():
        kubernetes_validate.validate(each, version, strict=True)


def test_a_wrong_manifest_would_have_been_noticed() -> None:
    wrong = manifests()["Deployment"]
    wrong["spec"]["template"]["spec"]["containers"][0]["resource"] = {}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, KUBERNETES[1], strict=True)


@pytest.mark.skipif(not HADOLINT, reason="there is no hadolint")
def test_hadolint_finds_nothing_in_the_container_file(tmp_path: Path) -> None:
    assert HADOLINT
    done = subprocess.run(
        [HADOLINT, "--no-color", FILES / "Containerfile"], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")
    worse = tmp_path / "Containerfile"
    worse.write_text("FROM python\nRUN cd /tmp && apt-get install curl\n")
    assert subprocess.run([HADOLINT, worse], capture_output=True, timeout=60, check=False).returncode


def test_alerts_are_expressions_of_prometheus() -> None:
    groups = yaml.safe_load((FILES / "alerts.yaml").read_text(encoding="utf-8"))["groups"]
    asked = [promql_parser.parse(rule["expr"]) for group in groups for rule in group["rules"]]
    assert len(asked) > 3
    with pytest.raises(ValueError, match="parenthesis"):
        promql_parser.parse("sum by instance (rate(x[5m]) > 0")


def test_alerts_ask_for_what_is_counted(tmp_path: Path, rules: Declared) -> None:
    fronts.published(tmp_path, rules, 3)
    with (
        fronts.front(tmp_path / "log", "--release", str(tmp_path)) as running,
        urllib.request.urlopen(f"{running.address}metrics", timeout=20) as answer,
    ):
        counted = set(re.findall(r"^# TYPE (\w+)", answer.read().decode(), re.MULTILINE))
    groups = yaml.safe_load((FILES / "alerts.yaml").read_text(encoding="utf-8"))["groups"]
    asked = {name for group in groups for rule in group["rules"] for name in re.findall(r"spacekg_\w+", rule["expr"])}
    assert asked
    assert asked <= counted


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd")
def test_systemd_reads_the_unit(tmp_path: Path) -> None:
    text = (FILES / "spacekg@.service").read_text(encoding="utf-8")
    here = tmp_path / "spacekg@.service"
    program = shutil.which("true") or ""
    here.write_text(re.sub(r"/opt/spacekg/bin/spacekg|/usr/bin/curl", program, text), encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", here], capture_output=True, text=True, timeout=60, check=False
    )
    told = [line for line in done.stderr.splitlines() if "spacekg@" in line]
    assert (done.returncode, told) == (0, [])


@dataclass(frozen=True)
class Site:
    """Two front ends of one folder, and the address of the proxy before them."""

    address: str
    fronts: tuple[Front, Front]
    folder: Path


@pytest.fixture(scope="module")
def site(rules: Declared, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The configuration that is shipped, with ports, certificate and folders of the test."""
    folder, work = tmp_path_factory.mktemp("shared"), tmp_path_factory.mktemp("proxy")
    fronts.published(folder, rules, 10)
    with ExitStack() as stack:
        options = ("--release", str(folder), "--proxy", "127.0.0.1", "--limit", "client_seconds=600")
        one, other = (stack.enter_context(fronts.front(work / f"log-{each}", *options)) for each in (1, 2))
        stack.enter_context(proxying(work, (one, other), secure := fronts.free_port()))
        yield Site(f"https://127.0.0.1:{secure}/", (one, other), folder)


@contextmanager
def proxying(work: Path, behind: tuple[Front, Front], secure: int) -> Iterator[None]:
    """Run nginx until the tests are over."""
    assert NGINX
    assert OPENSSL
    subprocess.run(
        [OPENSSL, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-keyout", work / "privkey.pem", "-out", work / "fullchain.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    text = (FILES / "nginx.conf").read_text(encoding="utf-8")
    changes = {
        "127.0.0.1:8001": f"127.0.0.1:{behind[0].port}",
        "127.0.0.1:8002": f"127.0.0.1:{behind[1].port}",
        "listen 80;": f"listen 127.0.0.1:{fronts.free_port()};",
        "listen 443 ssl;": f"listen 127.0.0.1:{secure} ssl;",
        "/etc/ssl/spacekg": str(work),
        "/var/cache/nginx/spacekg": str(work / "kept"),
    }
    for here, there in changes.items():
        assert here in text
        text = text.replace(here, there)
    (work / "spacekg.conf").write_text(text, encoding="utf-8")
    scratch = "".join(
        f"{name}_temp_path {work}/{name}; " for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    # Started by root, it would give its worker to somebody who cannot read the folders of tests.
    user = "user root; " if os.geteuid() == 0 else ""
    (work / "nginx.conf").write_text(
        f"{user}daemon off; pid {work}/pid; error_log {work}/error.log; events {{ worker_connections 256; }} "
        f"http {{ access_log off; {scratch} include {work}/spacekg.conf; }}",
        encoding="utf-8",
    )
    command = [NGINX, "-c", str(work / "nginx.conf"), "-e", str(work / "error.log")]
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    assert "[warn]" not in checked.stderr.replace('the "user" directive', "")
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        try:
            fronts.wait_for(lambda: _listens(secure))
            yield
        finally:
            running.terminate()


def _listens(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


STRANGER = ssl.create_default_context()
STRANGER.check_hostname, STRANGER.verify_mode = False, ssl.CERT_NONE


def get(address: str, headers: dict[str, str] | None = None, body: bytes | None = None) -> tuple[int, bytes, Any]:
    """Ask through the proxy, on a connection of its own: status, content and headers."""
    request = urllib.request.Request(address, body, headers or {})
    try:
        with urllib.request.urlopen(request, timeout=60, context=STRANGER) as answer:
            return answer.status, answer.read(), answer.headers
    except HTTPError as error:
        return error.code, error.read(), error.headers


@dataclass
class Crowd:
    """Clients that ask on until they are told to stop, and all that they were answered."""

    address: str
    _seen: list[str] = field(default_factory=list)

    def __enter__(self) -> Crowd:
        self._done, self._threads = threading.Event(), ThreadPoolExecutor(4)
        self._asking = [self._threads.submit(self._ask_on, number) for number in range(4)]
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._threads.shutdown()

    def go_on(self, number: int) -> None:
        """Wait until so many more requests are answered, or not."""
        before = len(self._seen)
        fronts.wait_for(lambda: len(self._seen) >= before + number)

    def statuses(self) -> list[str]:
        """Stop, and give what came of each request."""
        self._done.set()
        for each in self._asking:
            each.result()
        return self._seen

    def _ask_on(self, client: int) -> None:
        for number in itertools.count():
            if self._done.is_set():
                return
            # No two queries are the same, so that each is worked on.
            query = f"query={COUNT}%20%23%20{client}-{number}"
            page = f"{self.address}about?{client}-{number}"
            form = {"Content-Type": "application/x-www-form-urlencoded"}
            asked: list[tuple[str, dict[str, str], bytes | None]] = [
                (f"{self.address}sparql?{query}", {}, None), (page, {}, None),
                (f"{self.address}sparql", form, query.encode()),
            ]  # fmt: skip
            self._seen.append(self._asked(*asked[number % 3]))

    def _asked(self, address: str, headers: dict[str, str], body: bytes | None) -> str:
        try:
            status, content, _ = get(address, headers, body)
        except OSError as error:
            return f"{type(error).__name__}: {error}"
        return "200" if status == 200 and content else f"{status}: {content[:300]!r}"


@needs_nginx
def test_a_front_end_that_is_killed_costs_no_request(site: Site) -> None:
    one, other = site.fronts
    with Crowd(site.address) as crowd:
        crowd.go_on(20)
        one.stop(signal.SIGKILL)
        crowd.go_on(60)
        statuses = crowd.statuses()
    assert other.counted() == 10
    one.start()
    assert len(statuses) > 20
    assert set(statuses) == {"200"}


@needs_nginx
def test_front_ends_are_restarted_one_after_the_other_without_a_failed_request(site: Site) -> None:
    with Crowd(site.address) as crowd:
        for each in site.fronts:
            assert each.stop(signal.SIGTERM) == 0
            each.start()
        statuses = crowd.statuses()
    assert len(statuses) > 20
    assert set(statuses) == {"200"}


@needs_nginx
def test_a_page_is_kept_by_what_it_varies_by_and_is_asked_for_again_by_its_etag(site: Site) -> None:
    first = {accept: get(f"{site.address}about", {"Accept": accept})[2] for accept in ("text/html", "text/html;q=0.5")}
    status, content, headers = get(f"{site.address}about", {"If-None-Match": first["text/html"]["ETag"]})
    assert (status, content) == (304, b"")
    assert "Accept" in headers["Vary"] or "Accept" in first["text/html"]["Vary"]
    packed = get(f"{site.address}about", {"Accept-Encoding": "gzip"})[2]
    assert packed["Content-Encoding"] == "gzip"
    assert not get(f"{site.address}about", {"Accept-Encoding": "identity"})[2]["Content-Encoding"]
    assert get(f"{site.address}metrics")[0] == 404


@needs_nginx
def test_a_new_release_reaches_every_front_end_and_the_pages_that_the_proxy_keeps(site: Site, rules: Declared) -> None:
    page = f"{site.address}sparql?query={COUNT}"
    assert json.loads(get(page)[1])["results"]["bindings"][0]["n"]["value"] == "10"
    with Crowd(site.address) as crowd:
        made = fronts.published(site.folder, rules, 11)
        for each in site.fronts:
            fronts.wait_for(lambda: each.counted() == 11)  # noqa: B023  # asked at once
        statuses = crowd.statuses()
    assert set(statuses) == {"200"}
    fronts.wait_for(lambda: made.id in json.loads(get(f"{site.address}health")[1])["release"])
    assert json.loads(get(page)[1])["results"]["bindings"][0]["n"]["value"] == "11"
