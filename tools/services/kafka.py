"""A real Apache Kafka of one's own for a while: one node (KRaft), fetched from Maven once, on free ports of this machine, gone in the end."""

from __future__ import annotations

import fcntl
import shutil
import socket
import subprocess
import tempfile
import time
from base64 import urlsafe_b64encode
from collections.abc import Generator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from tools.services.postgres import MissingError, free_port

_HERE = Path(__file__).resolve().parent
_POM = _HERE / "kafka.pom.xml"
_ROOT = _HERE.parents[1]
_FETCH = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
_FETCHES = 3
_PATIENCE_SECONDS = 60.0
_SETTINGS = """
process.roles=broker,controller
node.id=1
controller.quorum.bootstrap.servers=127.0.0.1:{controller}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
controller.listener.names=CONTROLLER
log.dirs={folder}/data
auto.create.topics.enable=false
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
log.segment.delete.delay.ms=1000
# A commit is on the disk before it is acknowledged, as the embedded stream does it: one node has no second to lose it to.
log.flush.interval.messages=1
"""


def jars() -> Path:
    """The folder of Kafka's libraries, fetched where they are not there yet. Raises MissingError where that fails."""
    for word in ("java", "mvn"):
        if shutil.which(word) is None:
            raise MissingError(f"{word} is not installed: Kafka needs Java 17, and Maven to be fetched")
    libs = _ROOT / ".data" / "kafka"
    done = libs / ".fetched"
    wanted = _POM.read_text(encoding="utf-8")
    libs.parent.mkdir(exist_ok=True)
    with libs.with_suffix(".lock").open("w") as lock:  # two test processes may want it at once
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists() or done.read_text(encoding="utf-8") != wanted:
            shutil.rmtree(libs, ignore_errors=True)
            _fetch(libs)
            done.write_text(wanted, encoding="utf-8")
    return libs


def _fetch(libs: Path) -> None:
    print("fetching Apache Kafka …", flush=True)
    command = ["mvn", "-q", "-B", "-f", str(_POM), _FETCH, f"-DoutputDirectory={libs}", "-DincludeScope=runtime"]
    said = ""
    for _ in range(_FETCHES):
        found = subprocess.run(command, capture_output=True, text=True, check=False)
        if found.returncode == 0:
            return
        said = (found.stdout + found.stderr)[-2000:]
    raise MissingError(f"Kafka could not be fetched from Maven:\n{said}")


class Broker:
    """One node. It can be killed and started again over what it had written."""

    def __init__(self, folder: Path, libs: Path) -> None:
        self._folder, self._libs = folder, libs
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self._settings = folder / "server.properties"
        self._settings.write_text(
            _SETTINGS.format(port=self._port, controller=free_port(), folder=folder), encoding="utf-8"
        )
        made = self._java("kafka.tools.StorageTool", "format", "--standalone", "-t", _cluster_id(), "-c")
        done = subprocess.run([*made, str(self._settings)], capture_output=True, text=True, check=False)
        if done.returncode:
            raise MissingError(f"Kafka could not be set up:\n{(done.stdout + done.stderr)[-2000:]}")

    @property
    def address(self) -> str:
        """Where clients reach it."""
        return f"127.0.0.1:{self._port}"

    def start(self) -> None:
        """Start it, and wait until it answers. Raises MissingError where it ends instead."""
        with (self._folder / "log").open("ab") as log:
            command = [*self._java("kafka.Kafka"), str(self._settings)]
            self._process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self._folder)
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise MissingError(f"Kafka does not start:\n{(self._folder / 'log').read_text()[-2000:]}")
            time.sleep(0.1)

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _answers(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self._port), timeout=0.2):
            return True
        return False

    def _java(self, *words: str) -> Sequence[str]:
        return ("java", "-Xms128m", "-Xmx384m", "-XX:+UseSerialGC", "-cp", f"{self._libs}/*", *words)


def _cluster_id() -> str:
    """Kafka's way to write an id: 16 bytes in base64 that is safe in addresses."""
    return urlsafe_b64encode(uuid4().bytes).decode().rstrip("=")


@contextmanager
def kafka() -> Generator[Broker]:
    """A broker that answers, empty."""
    folder = Path(tempfile.mkdtemp(prefix="ab-kafka-"))
    try:
        broker = Broker(folder, jars())
        broker.start()
        try:
            yield broker
        finally:
            broker.kill()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
