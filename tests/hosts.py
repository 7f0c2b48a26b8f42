"""A building machine and two hosts, each with a network and folders of its own: `python -m tests.hosts FOLDER`.

It is run by `unshare`, so that no address, mount or process of it outlives it or is seen outside. The machine that
builds and the hosts are joined by a bridge and speak by TLS. Of FOLDER the hosts have the keys and the releases; where
the building machine has its texts they have a small disk of their own, which is all else that they may write to. One
host is unplugged and ended in the middle of the build. What came of it is printed as JSON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import dask
import distributed
from tests.reading import shipped
from tests.test_partitioned import small

from spacekg import pipeline
from spacekg.corpus.cluster import Cluster

APART = ("unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc")
"""What starts a process in namespaces of its own, which end with it."""
NETWORK = "10.77.0"
SCHEDULER = f"tls://{NETWORK}.1:8786"
LOST_AT = "inferring"
PATIENCE = "12s"
"""How long Dask waits for a host that is silent, in place of its 30 seconds."""
HOST = """
set -e
echo apart
read plugged
ip link set lo up
ip address add {address}/24 dev lan
ip link set lan up
mount -t tmpfs -o size=64m tmpfs {own}
export TMPDIR={own}
cd {own}
exec {python} -m distributed.cli.dask_worker {scheduler} --nthreads 1 --no-dashboard --local-directory {own}
"""


def main() -> None:
    """Build, lose a host on the way, and tell what there was to see."""
    folder = Path(sys.argv[1])
    keys(folder / "keys")
    run("ip link set lo up")
    run("ip link add lan type bridge")
    run(f"ip address add {NETWORK}.1/24 dev lan")
    run("ip link set lan up")
    command = ("--host", f"{NETWORK}.1", "--port", "8786", "--protocol", "tls", "--no-dashboard")
    scheduler = subprocess.Popen([sys.executable, "-m", "distributed.cli.dask_scheduler", *command], stdout=sys.stderr)
    hosts = [host(number, folder / "own") for number in (2, 3)]
    try:
        print(json.dumps(built(folder, hosts[1])))
    finally:
        for each in (*hosts, scheduler):
            each.kill()
            each.wait()


def keys(folder: Path) -> None:
    """Make keys, and name them in the variables of Dask's configuration."""
    made = distributed.Security.temporary()
    for name, text in (("cert", made.tls_ca_file), ("key", made.tls_client_key)):
        (folder / f"{name}.pem").write_text(text, encoding="ascii")
    prefix = "DASK_DISTRIBUTED__COMM__"
    os.environ[f"{prefix}REQUIRE_ENCRYPTION"] = "true"
    os.environ[f"{prefix}TIMEOUTS__TCP"] = PATIENCE
    os.environ[f"{prefix}TLS__CA_FILE"] = str(folder / "cert.pem")
    for who in ("CLIENT", "SCHEDULER", "WORKER"):
        os.environ[f"{prefix}TLS__{who}__CERT"] = str(folder / "cert.pem")
        os.environ[f"{prefix}TLS__{who}__KEY"] = str(folder / "key.pem")
    dask.config.refresh()


def host(number: int, own: Path) -> subprocess.Popen[bytes]:
    """Start a host, plug it in, and have it start a worker."""
    told = {"address": f"{NETWORK}.{number}", "own": own, "python": sys.executable, "scheduler": SCHEDULER}
    started = subprocess.Popen([*APART, "sh", "-c", HOST.format(**told)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert started.stdin is not None and started.stdout is not None
    assert started.stdout.readline() == b"apart\n"
    run(f"ip link add port{number} type veth peer name lan netns {started.pid}")
    run(f"ip link set port{number} master lan")
    run(f"ip link set port{number} up")
    started.stdin.write(b"plugged\n")
    started.stdin.flush()
    return started


def built(folder: Path, victim: subprocess.Popen[bytes]) -> dict[str, object]:
    """Build in parts; at one step the victim is unplugged, so that it can tell nobody, and then ended."""
    known, _, _, _ = shipped()
    told: dict[str, object] = {}

    def tell(step: str) -> None:
        print(f"{time.monotonic():.1f} {step}", file=sys.stderr, flush=True)
        if step.startswith(LOST_AT) and "lost" not in told:
            told["lost"] = step
            run("ip link delete port3")
            victim.kill()

    with Cluster(SCHEDULER, characters=1).opened() as cluster, cluster.spread() as spread:
        client = distributed.get_client()
        client.wait_for_workers(2, timeout=120)
        told["hosts"] = sorted(address.rpartition(":")[0] for address in client.nthreads())
        told["seen"] = [*client.run(os.listdir, folder / "own").values()]
        release = pipeline.build_in_parts(
            [folder / "own" / "texts"],
            folder / "out",
            known,
            small(),
            tell,
            shards=6,
            spread=spread,
            engine=cluster.read,
        )
        told["left"] = sorted(address.rpartition(":")[0] for address in client.nthreads())
    return {**told, "release": release.id, "set_aside": release.report["set_aside"]}


def run(command: str) -> None:
    """Run a command of the system."""
    subprocess.run(command.split(), check=True)


if __name__ == "__main__":
    main()
