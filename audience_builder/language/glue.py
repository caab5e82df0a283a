"""Particles and endings: letters that join words and mean nothing by themselves, or only how two clauses hang together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, Literal

Link = Literal["and", "or", "list", ""]

_BOUND: Final = (
    "은 는 이 가 을 를 에 의 도 만 로 으로 와 과 랑 이랑 나 이나 고 이고 며 이며 거나 이거나 면서 이면서 지만 이지만 인데 는데 은데 "
    "에서 에게 에게서 에선 에서는 에는 으로는 로는 부터 까지 까지는 한 했 했던 하는 할 하고 하며 하면서 하지만 했지만 했는데 했고 했으며 "
    "하거나 했거나 하여 해서 해 했다 했다가 하다가 하였 하던 함 했음 하기 인 이던 이었던 였던 일 임 된 되어 된지 되는 됐 됐고 됐으며 되고 "
    "던 은데도 한데 했으나 하나 이나마 조차 마다 씩 쯤 정도 들 님 분 자 인지 라도 이라도 라는 이라는 라고 밖에 보다 처럼 같이 "
    "요 이에요 예요 입니다 습니다 합니다 해요 했어요 다 이다 니다 군 중 째 치 였고 였는데 였지만 이었고 해본 해봤 해보 해 본 해놓 해둔 "
    "았 었 았던 었던 았고 었고 았는데 었는데 았지만 었지만 았으며 었으며 으면 면 은지 ㄴ 려고 으려고 려는 으려는 던데 지는 지도 지 진 졌 "
    "하신 하셨 하시는 신 셨 시는 으신 한테 께 에다 에다가 다가 은후 한후 후 뒤 도록 게 히 적 해준 해줘 했을 였 하면 하되 에만 까지만 에도 에서도 만큼 "
    "으며 으나 하지 하진 하지는 하지도 하질 지를 함께 이면 인데도 인가 였으며 이었으며 이라면 하긴 하기는 기만 하기만 만은 만을 만도 에서만 로만 으로만 한번 "
    "s 's"
).split()
_FREE: Final = (
    "중 그 이 한 할 하는 했던 했고 했는데 하지만 했지만 하고 해 함 및 또 더 분 것 거 건 게 수 등 등의 약 총 각 내 위 단 그런 이런 어떤 해서 했으나 "
    "해본 해 본 보고 보니 하며 하면서 한데 인 된 되는 들 로 으로 을 를 은 는 이 가 에 의 도 때 만 님 자 좀 꼭 바로 아주 매우 제일 가장 되어 "
    "있어서 위해 통해 대해 대한 관한 관련 경우 때문 하여 하였 때만 이며 이고"
).split()
_LONGEST: Final = 5
_BOUND_SET: Final = frozenset(_BOUND)
_FREE_SET: Final = frozenset(_FREE)

_OR: Final = re.compile(r"거나|또는|혹은|이든|든지|\bor\b|\|")
_LIST_OR: Final = re.compile(r"^\s*(?:이나|나)\s")
_LIST: Final = re.compile(r"^\s*(?:이랑|랑|와|과|하고)\s|^\s*[·&,/+~]\s*$|^\s*및\s*$")
_AND: Final = re.compile(
    r"지만|는데|은데|인데|한데|면서|으며|며|[가-힣]고(?:\s|$|,)|^고(?:\s|,)|다가|으나|했으나|하되|되,|[,/;\n]|[.]\s|\band\b|\bbut\b"
)


def glue_ends(text: str, at: int, *, starts_word: bool) -> Iterator[tuple[int, bool]]:
    """Where the particles and endings that begin here end, and whether they stand free, without a word before them."""
    for length in range(1, _LONGEST + 1):
        part = text[at : at + length]
        if len(part) < length:
            return
        if part in _BOUND_SET and not starts_word:
            yield at + length, False
        elif starts_word and part in _FREE_SET:
            yield at + length, True


def link_of(between: str) -> Link:
    """How what stands between two words joins them."""
    if _OR.search(between) or _LIST_OR.match(between + " "):
        return "or"
    if _LIST.match(between if between.endswith(" ") else between + " ") or _LIST.match(between):
        return "list"
    return "and" if _AND.search(between) else ""
