"""Which letters of a Korean text are endings and particles, told by a morpheme analyser where one is installed.

The analyser (kiwipiepy, the extra `korean`) takes seconds to load, so it is loaded once a process, in the background; until it is
there, and where it is not installed, the phrasebook reads by its lexicon alone.
"""

from __future__ import annotations

import importlib
import importlib.util
from threading import Lock, Thread
from typing import Any, Final

from audience_builder.language.lexicon import lexicon

_ANALYSER: Final = "kiwipiepy"
_FUNCTION: Final = ("J", "E", "XS", "VX", "VCP", "VCN", "SF", "SP")
_OURS: Final = (
    "place", "stay_type", "theme", "line", "tier", "channel", "device", "life", "search", "book", "view", "wish", "visit", "user",
)  # fmt: skip
_SHORTEST: Final = 2
_CHECK: Final = "제주도 검색했지만 예약 안 한 골드 이상 회원"


class Morphemes:
    """An analyser that says nothing until it is loaded (`language.phrasebook.Analyser`)."""

    def __init__(self) -> None:
        self._kiwi: Any = None
        self._lock = Lock()
        self._loading: Thread | None = None

    @staticmethod
    def is_installed() -> bool:
        """Whether the analyser can be loaded at all."""
        return importlib.util.find_spec(_ANALYSER) is not None

    @property
    def is_ready(self) -> bool:
        """Whether it is loaded."""
        return self._kiwi is not None

    def load_in_background(self) -> None:
        """Begins to load it, once, without waiting."""
        with self._lock:
            if self._loading is None and self.is_installed():
                self._loading = Thread(target=self.load, name="morphemes", daemon=True)
                self._loading.start()

    def load(self) -> None:
        """Loads it now, with the catalog's words, and warms it up."""
        kiwi: Any = importlib.import_module(_ANALYSER).Kiwi(num_workers=1)
        for word in _words():
            kiwi.add_user_word(word, "NNP")
        kiwi.tokenize(_CHECK)
        self._kiwi = kiwi

    def __call__(self, text: str) -> frozenset[int]:
        """The places of letters that are endings or particles; none until it is loaded."""
        if self._kiwi is None:
            return frozenset()
        told: dict[int, bool] = {}
        for token in self._kiwi.tokenize(text):
            is_function = token.tag.startswith(_FUNCTION)
            for at in range(token.start, token.start + token.len):
                told[at] = told.get(at, True) and is_function
        return frozenset(at for at, is_function in told.items() if is_function)


def _words() -> list[str]:
    """The lexicon's words an analyser would cut wrongly: options, places and what people do."""
    return [
        word
        for word, readings in lexicon().words.items()
        if len(word) >= _SHORTEST
        and any(kind in readings for kind in _OURS)
        and all("가" <= char <= "힣" for char in word)
    ]


MORPHEMES: Final = Morphemes()
"""The one analyser of a process."""
