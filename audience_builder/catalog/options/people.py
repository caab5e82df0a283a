"""People: who they are, whom they travel with, what they use, and when they sleep away."""

from __future__ import annotations

from typing import Final

from audience_builder.catalog.option import Option, OptionGroup, OptionList

# fmt: off
GENDERS: Final = OptionList("gender", (
    Option("female", 1, "여성", "Female", ("여", "여자")),
    Option("male", 2, "남성", "Male", ("남", "남자")),
))

LIFE_STAGES: Final = OptionList("life_stage", (
    Option("family_infant", 1, "영유아 가족", "Family with infants"),
    Option("family_kids", 2, "자녀 가족(3–12세)", "Family with children (3–12)", ("자녀 가족",)),
    Option("family_teens", 3, "청소년 자녀 가족", "Family with teenagers"),
    Option("newlywed", 4, "신혼", "Newlyweds"),
    Option("senior", 5, "시니어", "Seniors"),
    Option("empty_nest", 6, "자녀 독립 부부", "Empty nesters"),
    Option("couple", 7, "커플", "Couples"),
    Option("student", 8, "학생", "Students"),
    Option("single", 9, "1인·직장인", "Singles & working people", ("직장인",)),
))
"""In the order in which they are tried: a user is the first that holds."""

TIERS: Final = OptionList("tier", (
    Option("welcome", 1, "웰컴", "Welcome"),
    Option("silver", 2, "실버", "Silver"),
    Option("gold", 3, "골드", "Gold"),
    Option("vip", 4, "VIP", "VIP", ("브이아이피",)),
    Option("vvip", 5, "VVIP", "VVIP", ("브이브이아이피",)),
), ordered=True)

PARTIES: Final = OptionList("travel_party", (
    Option("solo", 0, "혼자", "Alone", ("혼행", "1인")),
    Option("couple", 1, "둘·커플", "Couple", ("커플", "연인", "부부")),
    Option("friends", 2, "친구·지인", "Friends", ("친구", "지인")),
    Option("infant", 3, "영유아 동반", "With infants (0–2)", ("영유아",)),
    Option("child", 4, "아이 동반", "With children (3–12)", ("키즈", "자녀")),
    Option("teen", 5, "청소년 자녀 동반", "With teenagers (13–18)", ("청소년 자녀",)),
    Option("parents", 6, "부모님 동반", "With parents", ("부모님", "효도")),
    Option("three_generation", 7, "3대 가족", "Three generations"),
    Option("group", 8, "단체", "Group (5+ adults)", ("워크숍", "MT")),
    Option("pet", 9, "반려동물 동반", "With pets", ("반려동물",)),
    Option("business", 10, "출장", "Business trip"),
), groups=(OptionGroup("family_kids", "영유아·아이 동반", "With infants or children", ("infant", "child")),))
"""Several may hold for one booking or search; they are kept as a mask and a code is the place of its bit."""

DEVICES: Final = OptionList("device", (
    Option("ios", 0, "iOS 앱", "iOS app", ("아이폰", "아이패드")),
    Option("android", 1, "안드로이드 앱", "Android app", ("안드로이드", "갤럭시")),
    Option("mobile_web", 2, "모바일 웹", "Mobile web"),
    Option("desktop_web", 3, "PC 웹", "Desktop web"),
), groups=(
    OptionGroup("app", "앱", "App", ("ios", "android"), ("앱 유저",)),
    OptionGroup("web", "웹", "Web", ("mobile_web", "desktop_web")),
))

CHANNELS: Final = OptionList("channel", (
    Option("marketing_use", 0, "개인정보 마케팅 활용", "Marketing use of personal data", ("마케팅 동의", "마케팅 활용")),
    Option("push", 1, "앱 푸시", "App push", ("푸시",)),
    Option("email", 2, "이메일", "E-mail", ("메일",)),
    Option("sms", 3, "문자(SMS·LMS·MMS)", "Text message (SMS, LMS, MMS)", ("문자", "SMS", "LMS", "MMS")),
    Option("kakao", 4, "카카오톡 광고(친구톡·브랜드 메시지)", "KakaoTalk ads", ("카카오톡", "카카오", "친구톡", "브랜드 메시지")),
))

ACCOUNT_STATUSES: Final = OptionList("account_status", (
    Option("normal", 1, "정상", "Normal"),
    Option("dormant", 2, "휴면", "Dormant"),
    Option("withdrawal_pending", 3, "탈퇴 예정", "Withdrawal pending"),
    Option("staff_test", 4, "임직원·테스트", "Staff & test", ("임직원", "테스트 계정")),
))

NIGHT_KINDS: Final = OptionList("night_kind", (
    Option("mon", 0, "월요일", "Monday night"),
    Option("tue", 1, "화요일", "Tuesday night"),
    Option("wed", 2, "수요일", "Wednesday night"),
    Option("thu", 3, "목요일", "Thursday night"),
    Option("fri", 4, "금요일", "Friday night"),
    Option("sat", 5, "토요일", "Saturday night"),
    Option("sun", 6, "일요일", "Sunday night"),
    Option("weekday", 7, "평일(일–목 밤)", "Weekday (Sunday to Thursday nights)", ("평일",)),
    Option("weekend", 8, "주말(금·토 밤)", "Weekend (Friday and Saturday nights)", ("주말",)),
    Option("holiday_eve", 9, "공휴일 전날·연휴", "Night before a public holiday", ("공휴일 전날", "연휴")),
))
"""Kinds of a night; a night is of several. A code is the place of its bit."""
# fmt: on
