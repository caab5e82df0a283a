"""User profile: who a user is and what they agreed to."""

from __future__ import annotations

from audience_builder.catalog import cuts
from audience_builder.catalog.filter import Aggregate, Category, Cut, Facts, Filter, Kind, Measure, Property, Test, Unit
from audience_builder.catalog.operator import PAST_WINDOWS, Operator
from audience_builder.catalog.options import ACCOUNT_STATUSES, CHANNELS, DEVICES, GENDERS, LIFE_STAGES, TIERS
from audience_builder.catalog.places import PROVINCE_LABELS
from audience_builder.catalog.properties import waiting

_AGES = (
    (0, 13),
    (14, 18),
    (19, 24),
    (25, 29),
    (30, 34),
    (35, 39),
    (40, 44),
    (45, 49),
    (50, 54),
    (55, 59),
    (60, 64),
    (65, None),
)
_TENURE = ((0, 7), (8, 30), (31, 90), (91, 180), (181, 365), (366, 730), (731, 1095), (1096, 1825), (1826, None))


def _profile(column: str) -> Measure:
    return Measure("value", "값", "value", Unit.OPTION, Aggregate.PROFILE, column, "not recorded")


ACTIVITY_REGION = Filter(
    key="activity_region", category=Category.PROFILE, ko="거주·활동 지역", en="Home region", kind=Kind.CHOICE,
    asks_ko="어디에 사나", asks_en="where the user lives or is mostly active",
    measures=(_profile("activity_region"),), places=True,
    cuts=(*(Cut(key, ko, en, Operator.IN, (key,)) for key, ko, en in PROVINCE_LABELS),
          Cut("overseas", "해외", "overseas", Operator.IN, ("overseas",)), cuts.UNKNOWN),
    synonyms=("거주", "사는", "주 활동 지역", "지역 회원"),
    notes="A place matches itself and everything inside it. A place travelled to never counts.",
)  # fmt: skip
MEMBERSHIP_TIER = Filter(
    key="membership_tier", category=Category.PROFILE, ko="멤버십·혜택", en="Membership tier", kind=Kind.ORDERED,
    asks_ko="멤버십 등급이 무엇인가", asks_en="the membership tier",
    measures=(_profile("tier"),), options=TIERS, cuts=(*cuts.each(TIERS, Operator.EQ), cuts.UNKNOWN),
    synonyms=("멤버십 등급", "등급", "회원 등급", "승급", "쿠폰", "포인트"), notyet=waiting("benefits", "coupon_kind"),
)  # fmt: skip
DEVICE_TYPE = Filter(
    key="device_type", category=Category.PROFILE, ko="접속 기기", en="Devices", kind=Kind.CHOICES,
    asks_ko="어떤 기기로 접속했나", asks_en="devices with a visit in the window",
    measures=(Measure("used", "사용", "used", Unit.OPTION, Aggregate.OPTIONS_SEEN, "device", "no visit in the window"),),
    facts=Facts("behavior_daily", "day", kinds=("session",)), options=DEVICES,
    windows=PAST_WINDOWS, default_window=("last", 90), cuts=(*cuts.each(DEVICES), cuts.UNKNOWN),
    synonyms=("아이폰", "안드로이드", "앱", "웹"), notyet=waiting("push_state", "app_state", "os_version", "app_version"),
)  # fmt: skip
LIFE_STAGE = Filter(
    key="life_stage", category=Category.PROFILE, ko="라이프스테이지", en="Life stage", kind=Kind.CHOICE,
    asks_ko="생애 단계가 무엇인가", asks_en="the life stage, declared or inferred",
    measures=(_profile("life_stage"),), options=LIFE_STAGES, cuts=(*cuts.each(LIFE_STAGES), cuts.UNKNOWN),
    synonyms=("생애 단계", "가족 유형"), notyet=waiting("source"), sensitive=True,
)  # fmt: skip
AGE = Filter(
    key="age", category=Category.PROFILE, ko="연령", en="Age", kind=Kind.NUMBER,
    asks_ko="만 나이가 몇인가", asks_en="age in full years",
    measures=(Measure("years", "만 나이", "years", Unit.YEARS, Aggregate.AGE, "born_on", "no birth date"),),
    cuts=(*cuts.bands(_AGES, ko="세", en=""), cuts.UNKNOWN), synonyms=("나이", "대", "세", "만 나이"), notyet=waiting("birthday"),
)  # fmt: skip
GENDER = Filter(
    key="gender", category=Category.PROFILE, ko="성별", en="Gender", kind=Kind.CHOICE,
    asks_ko="성별이 무엇인가", asks_en="the gender on record",
    measures=(_profile("gender"),), options=GENDERS, cuts=(*cuts.each(GENDERS), cuts.UNKNOWN),
    synonyms=("남", "여", "남성", "여성"),
)  # fmt: skip
SIGNUP = Filter(
    key="signup", category=Category.PROFILE, ko="가입", en="Sign-up", kind=Kind.DAYS,
    asks_ko="가입한 지 며칠인가", asks_en="how many days ago the user signed up",
    measures=(Measure("days", "경과일", "days ago", Unit.DAYS, Aggregate.SINCE, "signed_up_at", "never: an active user has signed up"),),
    properties=(
        Property("account_status", "회원 상태", "account status", Test.ACCOUNT_STATUS, ACCOUNT_STATUSES,
                 meaning="The status on record; only active accounts are in an audience at all."),
    ),
    cuts=cuts.bands(_TENURE, ko="일", en=" days"), synonyms=("가입일", "가입한 지", "신규 가입", "회원 상태"),
    notyet=waiting("method", "source", "account_type"),
)  # fmt: skip
MARKETING_CONSENT = Filter(
    key="marketing_consent", category=Category.PROFILE, ko="수신 동의·반응", en="Marketing consent", kind=Kind.CHOICES,
    asks_ko="어느 채널의 광고 수신에 동의했나", asks_en="channels consented to",
    measures=(Measure("consented", "동의", "consented", Unit.OPTION, Aggregate.CONSENTS),),
    options=CHANNELS,
    properties=(
        Property("night", "야간 동의", "night consent", Test.CONSENT_NIGHT,
                 meaning="Also consented to messages from 21:00 to 08:00 on that channel; e-mail needs none and marketing_use has none."),
    ),
    cuts=(*cuts.each(CHANNELS),
          *(Cut(f"{key}_night", f"{ko} 야간", f"{en} at night", Operator.IN, (key,), "", (("night", True),))
            for key, ko, en in cuts.labelled(CHANNELS) if key in ("push", "sms", "kakao"))),
    synonyms=("마케팅 수신 동의", "푸시 동의", "마케팅 동의", "광고 수신", "오픈", "클릭"), notyet=waiting("reactions", "campaign_kind"),
    notes="A channel counts only with both consents: marketing use of personal data, and ads by that channel. No record is no consent.",
)  # fmt: skip

PROFILE = (ACTIVITY_REGION, MEMBERSHIP_TIER, DEVICE_TYPE, LIFE_STAGE, AGE, GENDER, SIGNUP, MARKETING_CONSENT)
