"""Who asks from elsewhere is refused, and a browser is told what it may do with the page."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from audience_builder.api import App
from audience_builder.api.pages import SCREENS
from tests.api.client import Client, asking
from tests.audience.small import WOMEN, rule_json


@pytest.mark.parametrize("host", ["localhost", "localhost:8080", "127.0.0.1:9", "[::1]:8080", "LOCALHOST"])
def test_the_machine_itself_is_answered(api: Client, host: str) -> None:
    assert api.get("/health/live", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "", "10.0.0.1", "[::2]", "[broken", "a@localhost@b"]
)
def test_another_name_is_not_answered(api: Client, host: str) -> None:
    answer = api.get("/catalog", headers={"Host": host})
    assert (answer.status_code, answer.json()["code"]) == (421, "wrong_host")


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost:9999", "file://"])
def test_another_site_may_not_ask(api: Client, origin: str) -> None:
    answer = api.post("/count", rule_json(WOMEN), headers={"Origin": origin})
    assert (answer.status_code, answer.json()["code"]) == (403, "foreign_origin")


def test_the_page_of_this_server_may_ask(api: Client) -> None:
    assert api.post("/count", rule_json(WOMEN), headers={"Origin": "http://localhost:8080"}).status_code == 200


@pytest.mark.parametrize("path", ["/", "/first.js", "/icon.svg", "/openapi.json", "/api/v1/catalog", "/nothing"])
def test_every_answer_has_the_security_headers(api: Client, path: str) -> None:
    headers = api.page(path).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert "access-control-allow-origin" not in headers
    assert "server" not in headers


def test_answers_about_travellers_are_not_kept_by_anybody(api: Client) -> None:
    assert api.post("/count", rule_json(WOMEN)).headers["cache-control"] == "no-store"


def test_the_page_loads_nothing_from_elsewhere_and_runs_nothing_inline(api: Client) -> None:
    page = api.get("/").text
    assert re.findall(r"https?://", page) == []
    assert "<style" not in page
    assert re.findall(r"<script(?![^>]*src=)", page) == []
    assert re.findall(r"\son\w+=|\sstyle=", page) == []


@pytest.mark.parametrize("path", SCREENS)
def test_every_screen_has_an_address_that_can_be_opened(api: Client, path: str) -> None:
    answer = api.page(path.replace("{audience}", "a1"))
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.text == api.get("/").text


def test_what_the_page_names_is_there_and_kept_for_good(api: Client) -> None:
    names = re.findall(r'(?:src|href)="(/assets/[^"]+)"', api.get("/").text)
    assert {name.rpartition(".")[2] for name in names} >= {"js", "css"}
    for name in names:
        answer = api.get(name)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]


def test_scripts_and_styles_travel_packed_to_whoever_unpacks_them(api: Client) -> None:
    for name in re.findall(r'(?:src|href)="(/assets/[^"]+[.](?:js|css))"', api.get("/").text):
        plain, packed = (api.get(name, headers={"Accept-Encoding": way}) for way in ("identity", "gzip, br"))
        assert "content-encoding" not in plain.headers
        assert packed.headers["content-encoding"] == "gzip"
        assert plain.headers["vary"] == packed.headers["vary"] == "Accept-Encoding"
        assert int(packed.headers["content-length"]) < int(plain.headers["content-length"])
        assert packed.content == plain.content


@pytest.mark.parametrize("name", ["nothing.js", "..%2f..%2fpages.py", "..%2findex.html"])
def test_nothing_else_of_the_package_is_served(api: Client, name: str) -> None:
    assert api.get(f"/assets/{name}").status_code == 404


def test_the_page_begins_in_the_language_that_is_set(shared: App) -> None:
    with asking(replace(shared, language="en")) as client:
        assert '<html lang="en">' in client.get("/").text
