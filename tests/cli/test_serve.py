"""The server: two doors, one owner of the data, and nothing left behind."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from audience_builder.cli.socket_file import is_alive
from tests.audience.small import GOLD, WOMEN, rule_json
from tests.cli.terminal import PATIENCE_SECONDS, Server, run, serving, spawn

RULE = rule_json(WOMEN, GOLD)
TEXT = json.dumps(RULE)


def eventually_ready(server: Server) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while httpx.get(f"{server.url}/api/v1/health/ready").status_code != 200:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_it_answers_on_a_port_of_this_machine_alone(own: Path) -> None:
    with serving("serve", own) as server:
        assert server.url.startswith("http://localhost:")
        eventually_ready(server)
        assert httpx.post(f"{server.url}/api/v1/count", json=RULE).status_code == 401
        token = server.token("build_rules", "load_data")
        counted = httpx.post(f"{server.url}/api/v1/count", json=RULE, headers=token)
        assert (counted.status_code, counted.json()["nodes"]["root"]) == (200, counted.json()["count"])
        page = httpx.get(server.url, headers=token)
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert "server" not in page.headers
        answers = [
            httpx.post(f"{server.url}/api/v1/samples", json={"users": 1}, headers=token | forged) for forged in FORGED
        ]
        assert {answer.status_code for answer in answers} == {403}
        port = int(server.url.rpartition(":")[2])
        others = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)} - {"127.0.0.1"}
        for other in others:
            with socket.socket() as probe:
                assert probe.connect_ex((other, port)) != 0


FORGED: tuple[dict[str, str], ...] = (
    {},
    {"X-Forwarded-For": "unix"},
    {"Forwarded": "for=unix"},
    {"X-Forwarded-Host": "localhost", "X-Forwarded-Proto": "unix"},
)


def test_its_socket_is_for_its_owner_alone_and_gone_afterwards(own: Path) -> None:
    with serving("serve", own) as server:
        found = (own / "serve.sock").stat()
        assert stat.S_ISSOCK(found.st_mode)
        assert oct(found.st_mode & 0o777) == oct(0o600)
        server.process.terminate()
        assert server.process.wait(PATIENCE_SECONDS) == 0
    assert not (own / "serve.sock").exists()


def test_ctrl_c_ends_it_quietly(own: Path) -> None:
    with serving("serve", own) as server:
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(PATIENCE_SECONDS) == 0
        assert server.process.stderr is not None
        assert server.process.stderr.read() == ""


def test_what_a_killed_server_left_behind_is_cleared_away(own: Path) -> None:
    with serving("serve", own) as server:
        server.process.kill()
        server.process.wait(PATIENCE_SECONDS)
    stale = own / "serve.sock"
    assert stale.exists()
    assert not is_alive(stale)
    assert run("count", TEXT, "--data", own).code == 0
    assert not stale.exists()


def test_a_new_server_takes_the_place_of_a_killed_one(own: Path) -> None:
    with serving("serve", own) as server:
        server.process.kill()
        server.process.wait(PATIENCE_SECONDS)
    with serving("serve", own) as server:
        assert is_alive(own / "serve.sock")
        assert run("count", TEXT, "--data", own, "--json").said["count"] > 0


def test_data_that_is_served_cannot_be_served_twice(served: Path) -> None:
    ended = spawn("serve", "--data", served, "--port", "0")
    assert ended.code == 5
    assert "another process" in ended.err
    assert is_alive(served / "serve.sock")


def test_a_port_in_use_is_told(own: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ended = spawn("serve", "--data", own, "--port", taken.getsockname()[1])
    assert ended.code == 5
    assert "--port" in ended.err
    assert not (own / "serve.sock").exists()


def test_commands_at_once_wait_for_each_other(own: Path) -> None:
    with ThreadPoolExecutor(2) as threads:
        ended = list(threads.map(lambda _: spawn("count", TEXT, "--data", own, "--json"), range(2)))
    assert [each.code for each in ended] == [0, 0]
    assert len({str(each.said["nodes"]) for each in ended}) == 1


def test_an_export_outlives_an_impatient_reader_and_a_restart(own: Path) -> None:
    with serving("serve", own) as server:
        token = server.token("request_export", "see_audiences", "download_export")
        job = httpx.post(f"{server.url}/api/v1/exports", json={"rule": RULE, "purpose": "p"}, headers=token).json()
        server.process.terminate()
        server.process.wait(PATIENCE_SECONDS)
    with serving("serve", own) as server:
        found = httpx.get(f"{server.url}/api/v1/exports/{job['id']}?wait=20", headers=token, timeout=30).json()
        assert found["state"] == "done"
        assert len(httpx.get(server.url + found["file"], headers=token).content.splitlines()) == found["count"] + 1


def test_a_sample_killed_half_way_leaves_nothing(new: Path) -> None:
    import subprocess

    from tests.cli.terminal import COMMAND

    command = [*COMMAND, "sample", "--users", "200000", "--days", "365", "--data", str(new)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not (new / "mart.duckdb").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(1)
        process.kill()
    ended = run("count", TEXT, "--data", new)
    assert (ended.code, "no travellers yet" in ended.err) == (3, True)
    assert run("sample", "--users", "300", "--days", "30", "--data", new).code == 0
    assert run("count", TEXT, "--data", new).code == 0


def test_a_demo_makes_its_travellers_says_where_it_is_and_counts(new: Path) -> None:
    with serving("demo", new, "--users", "400", "--days", "40") as server:
        assert server.process.stdout is not None
        first = server.process.stdout.readline()
        assert "최근 2주 제주" in first
        assert "/ " in first
        assert httpx.get(f"{server.url}/api/v1/freshness", headers=server.token("signed_in")).json()["index"] == "ready"
        assert run("count", TEXT, "--data", new).code == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_directory_that_may_not_be_written_is_told(own: Path) -> None:
    own.chmod(0o500)
    try:
        ended = run("count", TEXT, "--data", own)
    finally:
        own.chmod(0o700)
    assert ended.code in (1, 2, 5)
    assert "Traceback" not in ended.err
