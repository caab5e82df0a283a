"""Who asks from elsewhere is refused, and a browser is told what it may do with the page."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from audience_builder.api import App
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


@pytest.mark.parametrize("path", ["/", "/page.js", "/page.css", "/openapi.json", "/catalog", "/nothing"])
def test_every_answer_has_the_security_headers(api: Client, path: str) -> None:
    headers = api.get(path).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert "access-control-allow-origin" not in headers
    assert "server" not in headers


def test_answers_about_travellers_are_not_kept_by_anybody(api: Client) -> None:
    assert api.post("/count", rule_json(WOMEN)).headers["cache-control"] == "no-store"


def test_the_page_loads_nothing_from_elsewhere_and_runs_nothing_inline(api: Client) -> None:
    page = api.get("/").text
    assert re.findall(r"https?://", page) == []
    assert "<style" not in page
    assert re.findall(r"<script(?![^>]*src=)", page) == []
    assert re.findall(r"\son\w+=", page) == []
    for kind in ("js", "css"):
        assert re.findall(r"https?://|@import|innerHTML|eval\(", api.get(f"/page.{kind}").text) == []


def test_the_page_can_be_read_and_used_by_everybody(api: Client) -> None:
    page = api.get("/").text
    assert '<html lang="ko">' in page
    ids = set(re.findall(r'\bid="([^"]+)"', page))
    assert set(re.findall(r'<label for="([^"]+)"', page)) == {"example", "rule", "as-of"} <= ids
    assert {'role="alert"', 'role="status"', 'aria-live="polite"'} <= set(re.findall(r'\S+="[^"]*"', page))


def test_the_page_begins_in_the_language_that_is_set(shared: App) -> None:
    with asking(replace(shared, language="en")) as client:
        assert '<html lang="en">' in client.get("/").text


def test_every_text_of_the_page_is_there_in_both_languages(api: Client) -> None:
    script = api.get("/page.js").text
    korean, english = re.findall(r"^  (?:ko|en): \{(.*?)^  \},", script, flags=re.S | re.M)
    names = [set(re.findall(r"(?:^|[,\s])(\w+): (?:\"|\()", block)) for block in (korean, english)]
    assert names[0] == names[1]
    assert set(re.findall(r'data-text="(\w+)"', api.get("/").text)) <= names[0]
