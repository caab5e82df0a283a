"""Whatever is given to a logger, personal data does not reach what is written."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest

from audience_builder.access.logs import PrivateFormatter, keep_private
from audience_builder.errors import InputError

SECRETS = ("kim@example.com", "010-1234-5678", "홍길동", "dGhpcyBpc1:APA91b")


class Written:
    """A logger whose lines can be read."""

    def __init__(self, name: str) -> None:
        self.to = io.StringIO()
        handler = logging.StreamHandler(self.to)
        handler.setFormatter(PrivateFormatter())
        self.log = logging.Logger(name)
        self.log.addHandler(handler)

    def line(self) -> dict[str, object]:
        text = self.to.getvalue()
        assert text.endswith("\n")
        assert text.count("\n") == 1
        assert not any(secret in text or secret.encode("unicode-escape").decode() in text for secret in SECRETS)
        return json.loads(text)


@pytest.fixture
def ours() -> Written:
    return Written("audience_builder.api")


def test_a_constant_message_and_listed_fields_are_written(ours: Written) -> None:
    ours.log.error("a request failed", extra={"route": "/api/v1/count", "status": 500, "method": "POST"})
    line = ours.line()
    assert (line["event"], line["route"], line["status"], line["level"]) == (
        "a request failed",
        "/api/v1/count",
        500,
        "ERROR",
    )


@pytest.mark.parametrize("secret", SECRETS, ids=ascii)
def test_what_fills_a_message_is_left_out(ours: Written, secret: str) -> None:
    ours.log.error("%s could not be read", secret)
    assert ours.line()["event"] == "%s could not be read"


@pytest.mark.parametrize("secret", SECRETS, ids=ascii)
def test_fields_that_are_not_listed_are_left_out_and_listed_ones_hold_words_only(ours: Written, secret: str) -> None:
    ours.log.error("it failed", extra={"customer": secret, "route": secret, "count": 7})
    line = ours.line()
    assert "customer" not in line
    assert (line["route"], line["count"]) == ("(left out)", 7)


@pytest.mark.parametrize("secret", SECRETS, ids=ascii)
def test_an_exception_is_told_by_kind_code_and_place_alone(ours: Written, secret: str) -> None:
    def failing(whom: str) -> None:
        raise InputError(f"{whom} cannot be read") from ValueError(whom)

    try:
        failing(secret)
    except InputError:
        ours.log.exception("it failed")
    line = ours.line()
    assert (line["error"], line["code"]) == ("InputError", "input_invalid")
    assert str(line["trace"]).count("test_logs.py:") == 2
    assert "failing" in str(line["trace"])


@pytest.mark.parametrize("secret", SECRETS, ids=ascii)
def test_of_other_libraries_only_who_and_where_is_written(secret: str) -> None:
    theirs = Written("uvicorn.error")
    theirs.log.error("Invalid HTTP request: %s", secret)
    assert "event" not in theirs.line()
    sql = Written("sqlalchemy.engine")
    sql.log.warning("INSERT INTO contact VALUES ('" + secret + "')")  # noqa: G003  (as careless as others may be)
    assert sql.line()["logger"] == "sqlalchemy.engine"


def test_a_line_break_in_a_value_makes_no_second_entry(ours: Written) -> None:
    ours.log.error("it failed", extra={"route": '/x\n{"event": "forged"}'})
    assert ours.line()["route"] == "(left out)"


@pytest.fixture
def untouched_logging() -> Iterator[None]:
    root, levels = logging.getLogger(), {}
    handlers, level = root.handlers[:], root.level
    for name, logger in logging.Logger.manager.loggerDict.items():
        if isinstance(logger, logging.Logger):
            levels[name] = (logger.handlers[:], logger.propagate)
    yield
    logging.captureWarnings(capture=False)
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, (own, propagate) in levels.items():
        logger = logging.getLogger(name)
        logger.handlers[:], logger.propagate = own, propagate


@pytest.mark.usefixtures("untouched_logging")
def test_every_logger_of_the_process_writes_through_it(capsys: pytest.CaptureFixture[str]) -> None:
    past_ours = logging.getLogger("some.library")
    past_ours.addHandler(logging.StreamHandler())
    keep_private()
    past_ours.warning("the customer is %s", "홍길동")
    logging.getLogger("audience_builder").warning("something happened")
    written = capsys.readouterr().err
    assert "홍길동" not in written
    assert [json.loads(line)["logger"] for line in written.splitlines()] == ["some.library", "audience_builder"]
