"""What several test modules share: the shipped declarations, and one release of the shipped documents."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from tests import opening
from tests.opening import Hosted, Opened, Places

from spacekg import declared, pipeline, reference
from spacekg.declared import Declared
from spacekg.matching import index
from spacekg.matching.scoring import Matcher
from spacekg.reference import Reference
from spacekg.release import Release


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """With another store some tests fail, as it is written down."""
    opening.expect(items)


@pytest.fixture(scope="session")
def rules() -> Declared:
    """The declarations that come with spacekg."""
    return declared.read(declared.shipped())


@pytest.fixture(scope="session")
def known(rules: Declared) -> Reference:
    """The reference tables that come with spacekg."""
    return reference.read(rules.folder / "data" / "reference")


@pytest.fixture(scope="session")
def matcher(rules: Declared, known: Reference, tmp_path_factory: pytest.TempPathFactory) -> Matcher:
    """A matcher of names, with the index of the reference tables that come with spacekg."""
    file = tmp_path_factory.mktemp("names") / "names.jsonl"
    file.write_bytes(index.make(known, rules))
    return Matcher(index.read(file))


@pytest.fixture(scope="session")
def shipped_release(rules: Declared, known: Reference, tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release of the documents that come with spacekg; its parent folder is one that `--release` takes."""
    out = tmp_path_factory.mktemp("shipped")
    return pipeline.build([rules.folder / "data" / "documents"], out, rules, known, lambda _: None)


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A bucket of a server that speaks the API of S3, on this machine."""
    stores = pytest.importorskip("s3fs", reason="an extra: pip install 'spacekg[s3]'").S3FileSystem
    moto = pytest.importorskip("moto.server", reason="pip install 'moto[server]'")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    server = moto.ThreadedMotoServer("127.0.0.1", 0)
    server.start()
    host, port = server.get_host_and_port()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
    stores(skip_instance_cache=True).mkdir("bucket")
    yield "s3://bucket"
    stores(skip_instance_cache=True).rm("bucket", recursive=True)  # all servers of a process have the same buckets
    stores.clear_instance_cache()  # the next server has another port
    server.stop()


@pytest.fixture(scope="session")
def _places(rules: Declared, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Places]:
    folder = tmp_path_factory.mktemp("elsewhere")
    with opening.elsewhere(opening.STORE, rules, folder) if opening.STORE else opening.own() as places:
        yield places


@pytest.fixture(scope="session")
def opened(_places: Places) -> Opened:
    """Opens a file of quads as an engine: in our own store, or in the server that STORE names."""
    return _places.opened


@pytest.fixture(scope="session")
def rise(_places: Places) -> Callable[[], None]:
    """Starts the server that STORE names again if it has ended, as whatever watches over it would."""
    return _places.rise


@pytest.fixture(scope="session")
def stand(_places: Places) -> Callable[[], None]:
    """Starts it again if it has ended, or keeps all others waiting."""
    return _places.stand


@pytest.fixture(scope="session")
def hosted(_places: Places) -> Hosted:
    """Serves a file of quads in processes of its own."""
    return _places.hosted


if opening.STORE:

    @pytest.fixture(autouse=True)
    def _standing(_places: Places) -> None:
        _places.stand()
