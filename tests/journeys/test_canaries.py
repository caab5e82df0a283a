"""Two hundred made-up contacts through every door of the product: none of them lies readable in any file afterwards.

The doors: contacts and imports (also rows and files that are refused), bodies, paths, queries and headers of the API (also broken
ones), rules, sentences, live counts, the command line. What somebody writes on purpose in a name or a purpose is only kept when it
looks like no contact; a person's name there looks like any other word and is not tried here (docs/privacy.md says so).
"""

from __future__ import annotations

import base64
import json
import os
import re
import signal
import subprocess
import tempfile
import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from websockets.sync.client import connect

from audience_builder.access import Role
from tests.audience.small import GOLD, WOMEN, copied, rule_json
from tests.cli.terminal import COMMAND, PATIENCE_SECONDS, Ended, run

PEOPLE = 50
NAME, LOCAL, AREA, TOKEN = "꽹쵸", "zqcanary", "0107700", "ZQtoken-Canary_"
RULE = rule_json(WOMEN, GOLD)


@dataclass(frozen=True)
class Person:
    """A made-up person: four canaries."""

    name: str
    email: str
    phone: str
    token: str


def person(number: int) -> Person:
    last = chr(ord("가") + 588 * (number % 19) + 28 * (number // 19))
    return Person(
        f"{NAME}{last}", f"{LOCAL}{number}@naver.com", f"010-7700-{number:04}", f"{TOKEN}{number:02}:{'APA91b' * 20}"
    )


CANARIES = tuple(person(number) for number in range(PEOPLE))
VALUES = tuple(value for each in CANARIES for value in (each.name, each.email, each.phone, each.token))


# --- looking ---------------------------------------------------------------------------------------------------------------


def written_ways(core: str) -> Iterator[bytes]:
    """Every way a value could lie in a file so that somebody could read it."""
    for text in {core, unicodedata.normalize("NFD", core), core.upper(), core.lower()}:
        for encoding in ("utf-8", "utf-16-le", "utf-16-be", "cp949"):
            try:
                plain = text.encode(encoding)
            except UnicodeEncodeError:
                continue
            yield plain
            yield from (plain.hex().encode(), plain.hex().upper().encode())
            yield from in_base64(plain)
        yield quote(text, safe="").encode()
        yield quote(text, safe="").lower().encode()
        yield json.dumps(text)[1:-1].encode()
        yield json.dumps(text)[1:-1].upper().replace("\\U", "\\u").encode()


def in_base64(plain: bytes) -> Iterator[bytes]:
    """What of the value stands in base64 wherever it begins within a group of three bytes."""
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + plain)
        inner = encoded[(shift * 8 + 5) // 6 : (shift + len(plain)) * 8 // 6]
        if len(inner) >= 6:
            yield from (inner, inner.translate(bytes.maketrans(b"+/", b"-_")))


CORES = (NAME, LOCAL, AREA, "010-7700-", "010 7700 ", "+82107700", TOKEN)
NEEDLES = re.compile(b"|".join(re.escape(way) for way in sorted({way for core in CORES for way in written_ways(core)})))


def readable(folder: Path) -> dict[str, bytes]:
    """The files in which a canary can be read, each with what was found first."""
    found: dict[str, bytes] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            hit = NEEDLES.search(str(path.relative_to(folder)).encode() + b"\n" + path.read_bytes())
            if hit:
                found[str(path.relative_to(folder))] = hit.group()
    return found


@pytest.mark.parametrize("value", [VALUES[0], VALUES[1], VALUES[2], VALUES[3]], ids=("name", "email", "phone", "token"))
def test_the_search_itself_finds_a_canary_however_it_is_written(value: str, tmp_path: Path) -> None:
    utf8 = value.encode()
    ways = [
        utf8, value.encode("utf-16-le"), value.encode("utf-16-be"), value.encode("cp949"), utf8.hex().encode(), quote(value, safe="").encode(),
        *(base64.b64encode(b"x" * n + utf8) for n in range(3)), *(base64.urlsafe_b64encode(b"x" * n + utf8) for n in range(3)),
        json.dumps(value).encode(), unicodedata.normalize("NFD", value).encode(), b"\0" * 999 + utf8 + b"\0",
    ]  # fmt: skip
    for number, content in enumerate(ways):
        file = tmp_path / f"{number}.bin"
        file.write_bytes(content)
    assert len(readable(tmp_path)) == len(ways)


# --- the product, watched -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Watched:
    """A server whose every file lies under one folder: data, witness, log, temporary files."""

    folder: Path
    url: str
    process: subprocess.Popen[str]

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def run(self, *words: object) -> Ended:
        """A command: it asks the server, and writes no file itself."""
        return run(*words, "--data", self.data)

    def said(self, *words: object) -> dict[str, object]:
        """What a command that must work says as JSON."""
        done = self.run(*words, "--json")
        assert done.code == 0, done.err
        return done.said


def environment(folder: Path) -> dict[str, str]:
    return {
        **os.environ,
        "TMPDIR": str(folder / "tmp"),
        "AUDIENCE_BUILDER_ROLES": ",".join(role.value for role in Role),
    }


@contextmanager
def watched(folder: Path) -> Iterator[Watched]:
    (folder / "tmp").mkdir(exist_ok=True)
    command = [*COMMAND, "serve", "--data", str(folder / "data"), "--port", "0"]
    with (folder / "log.txt").open("ab") as log:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, env=environment(folder))
        with process:
            assert process.stdout is not None
            url = next(found[1] for line in process.stdout if (found := re.match(r"(http://\S+)", line)))
            deadline = time.monotonic() + PATIENCE_SECONDS
            while httpx.get(f"{url}/api/v1/health/ready").status_code != 200:
                assert time.monotonic() < deadline
                time.sleep(0.1)
            try:
                yield Watched(folder, url, process)
            finally:
                process.send_signal(signal.SIGTERM)


@pytest.fixture(scope="module")
def product() -> Iterator[Watched]:
    """The product after every door was tried; it is still running."""
    with tempfile.TemporaryDirectory(prefix="ab-") as place, tempfile.TemporaryDirectory(prefix="ab-") as outside:
        folder = Path(place)
        copied(folder / "data")
        with watched(folder) as server:
            import_contacts(server, Path(outside))
            import_files(server, Path(outside))
            ask_api(server)
            ask_live(server)
            ask_commands(server, Path(outside))
            yield server


def import_contacts(server: Watched, outside: Path) -> None:
    """Contacts that can be kept, and rows and files that cannot."""
    good = outside / f"{CANARIES[0].name}.csv"
    good.write_text("user_id,name,email,phone,push_token,memo\n" + "".join(
        f"U{n},{each.name},{each.email},{each.phone},{each.token},{each.name} {each.phone}\n" for n, each in enumerate(CANARIES)
    ))  # fmt: skip
    report = server.said("contacts", "import", good)
    assert report["files"][0]["kept"] == PEOPLE  # type: ignore[index]
    bad = outside / "bad.csv"
    bad.write_text("user_id,name,email,phone,push_token\n" + "".join(
        f"{each.name},{each.email},{each.name},{each.token},{each.phone} x\n{each.email},{each.name},,,\n{each.phone},,,,\n,{each.name},,,\n{each.name}\n"
        for each in CANARIES
    ))  # fmt: skip
    assert server.said("contacts", "import", bad)["files"][0]["kept"] == 0  # type: ignore[index]
    lines = outside / "lines.ndjson"
    lines.write_text(
        "\n".join([*(json.dumps(vars_of(each)) for each in CANARIES), *(f"{{broken {value}" for value in VALUES)])
    )
    server.said("contacts", "import", lines)
    for name, content in (
        ("torn.csv", f'user_id,name\nU1,"{CANARIES[1].name}\n'),
        (f"{CANARIES[2].email}.csv", "name\nx\n"),
        ("gone.csv", ""),
    ):
        (outside / name).write_text(content)
        assert server.run("contacts", "import", outside / name).code != 0


def vars_of(each: Person) -> dict[str, str]:
    return {
        "user_id": f"N-{LOCAL[::-1]}",
        "name": each.name,
        "email": each.email,
        "phone": each.phone,
        "push_token": each.token,
    }


def import_files(server: Watched, outside: Path) -> None:
    """Files of the mart with contacts beside the columns of the map, and in them."""
    users = outside / f"{CANARIES[3].name} {CANARIES[3].phone}.csv"
    users.write_text("user_id,signed_up_at,이름,이메일,전화,gender\n" + "".join(
        f"C{n},2024-01-01,{each.name},{each.email},{each.phone},female\n" for n, each in enumerate(CANARIES)
    ) + "".join(f'"{value}",2024-01-01,,,,\nD{n},{value},,,,\nE{n},2024-01-01,,,,{value}\n{value},x\n' for n, value in enumerate(VALUES)))  # fmt: skip
    found = server.said("import", "--map", "users_csv", users)
    assert found["files"][0]["applied"] >= PEOPLE  # type: ignore[index]
    assert found["files"][0]["rejected"] >= 3 * len(VALUES)  # type: ignore[index]
    bookings = outside / "bookings.csv"
    bookings.write_text(
        "예약번호,회원번호,예약일시,상품번호\n"
        + "".join(f"{value},C1,2024-01-01,P1\nB{n},{value},2024-01-01,P1\n" for n, value in enumerate(VALUES))
    )
    server.run("import", "--map", "bookings_csv", bookings)
    server.run("import", "--map", outside / f"{CANARIES[4].email}.toml", users)


def ask_api(server: Watched) -> None:
    """Bodies, paths, queries, headers; well formed, refused, and broken."""
    permissions = ("see_audiences", "build_rules", "explore_rules", "see_members", "request_export", "load_data")
    words = [word for each in permissions for word in ("--permission", each)]
    made = server.said("token", "create", "canary", *words)
    token = {"Authorization": f"Bearer {made['secret']}"}
    typed = [value for each in CANARIES for value in (each.email, each.phone, each.token)]
    with httpx.Client(base_url=server.url, headers=token, timeout=PATIENCE_SECONDS) as client:
        for value in typed:
            for path, body in (
                ("/audiences", {"name": value, "rule": RULE}),
                (
                    "/audiences",
                    {"name": "a", "rule": RULE, "description": f"고객 {value}", "tags": [value], "note": value},
                ),
                ("/exports", {"purpose": f"{value} 발송", "rule": RULE}),
                ("/interpret", {"sentence": f"제주 좋아하는 {value}"}),
            ):
                assert client.post(f"/api/v1{path}", json=body).status_code in (400, 404, 422)
        for value in VALUES:
            odd = {"X-Canary": quote(value), "User-Agent": quote(value), "Referer": f"http://localhost/{quote(value)}"}
            client.get(f"/api/v1/audiences/{quote(value, safe='')}", headers=odd)
            client.get(f"/api/v1/audiences/{quote(value, safe='')}/count?as_of={quote(value)}")
            client.get(f"/api/v1/exports/{quote(value, safe='')}?wait={quote(value)}")
            client.get(f"/api/v1/{quote(value, safe='')}")
            client.post("/api/v1/count", content=f'{{"rule": "{value}'.encode())
            client.post("/api/v1/count", json={"rule": {"version": 1, "root": {**WOMEN, "value": [value]}}})
            client.post("/api/v1/count", json={"rule": {"version": 1, "root": {**WOMEN, "filter": value}}})
            client.post("/api/v1/count", json={"rule": {"version": 1, "root": {**WOMEN, "id": value}}, value: value})
            client.post("/api/v1/members", json={"rule": RULE, "cursor": value[:200]})
            client.post("/api/v1/why", json={"rule": RULE, "user_id": value})
            client.post("/api/v1/contacts/masked", json={"user_ids": [value]})
            client.post("/api/v1/interpret", json={"sentence": f"제주 좋아하는 {value}님"})
            client.post("/api/v1/facets", json={"filters": [value]})
            client.put(f"/api/v1/audiences/{quote(value, safe='')}", json={"rule": RULE, "expected_version": value})
        httpx.get(server.url, cookies={"__Host-session": quote(VALUES[0])})
        httpx.post(f"{server.url}/sign-in", data={"name": VALUES[1], "password": VALUES[0]})
        httpx.post(f"{server.url}/api/v1/count", json=RULE, headers={"Authorization": f"Bearer {VALUES[1]}"})


def ask_live(server: Watched) -> None:
    """A connection that counts, with canaries in what it sends."""
    made = server.said("token", "create", "live", "--permission", "build_rules")
    address = server.url.replace("http", "ws", 1) + "/api/v1/live"
    with connect(address, additional_headers={"Authorization": f"Bearer {made['secret']}"}) as live:
        for value in VALUES[:40]:
            live.send(
                json.dumps(
                    {
                        "t": "eval",
                        "doc": value[:40],
                        "rev": 1,
                        "rule": {"version": 1, "root": {**WOMEN, "value": [value]}},
                    }
                )
            )
            live.send(f'{{"t": "{value}')
            live.recv(timeout=PATIENCE_SECONDS)


def ask_commands(server: Watched, outside: Path) -> None:
    """The command line: masked, in clear, looked up, exported; and canaries where none belong."""
    value = CANARIES[7]
    assert value.name in server.run("contacts", "unmask", "U7", "--reason", "열람 요청 처리").out
    assert value.name not in server.run("contacts", "show", "U7").out
    for words in (
        ("audience", "save", value.email, json.dumps(RULE)), ("audience", "show", value.name), ("count", json.dumps({"rule": value.phone})),
        ("contacts", "unmask", value.email, "--reason", "열람 요청 처리"), ("contacts", "unmask", "U7", "--reason", value.phone),
        ("erase", value.phone, "--reason", "삭제 요청", "--yes"), ("why", value.name, json.dumps(RULE)),
        ("export", json.dumps(RULE), "--purpose", value.email, "--out", outside / "x.csv"),
    ):  # fmt: skip
        assert server.run(*words).code != 0, words
    server.said("audience", "save", "제주 골드", json.dumps(RULE))
    server.said("export", json.dumps(RULE), "--purpose", "제주 프로모션", "--out", server.folder / "out.csv")
    server.said("erase", "U8", "--reason", "삭제 요청 처리", "--yes")
    server.said("keys", "rotate", "--data-keys")


# --- what lies there afterwards -------------------------------------------------------------------------------------------------


def test_while_it_runs_no_canary_lies_readable_in_any_file(product: Watched) -> None:
    names = {path.name for path in product.data.iterdir()}
    assert {"store.sqlite", "store.sqlite-wal", "mart.duckdb", "index", "rejects", "keys", "exports"} <= names
    assert readable(product.folder) == {}


def test_what_was_refused_is_in_the_rejects_sealed(product: Watched) -> None:
    rejects = sorted((product.data / "rejects").glob("rejects-*.csv"))
    assert rejects
    assert sum(file.read_text(encoding="utf-8-sig").count(",sealed:") for file in rejects) >= 3 * len(VALUES)


def test_everybody_is_still_found_by_who_may(product: Watched) -> None:
    for number in (0, 25, 49):
        found = product.run("contacts", "show", f"U{number}", "--json")
        assert found.said["contacts"][0]["phone"] == f"010-****-{number:04}"


def test_the_log_was_written_and_says_nothing_of_anybody(product: Watched) -> None:
    log = (product.folder / "log.txt").read_bytes()
    assert NEEDLES.search(log) is None
    for line in log.splitlines():
        assert json.loads(line)["level"] in ("WARNING", "ERROR"), line


def test_after_it_has_ended_no_canary_lies_readable_either(product: Watched) -> None:
    product.process.send_signal(signal.SIGTERM)
    product.process.wait(PATIENCE_SECONDS)
    assert {"store.sqlite", "mart.duckdb"} <= {path.name for path in product.data.iterdir()}
    assert readable(product.folder) == {}
