"""What the pages on the way in say, in Korean and in English."""

from __future__ import annotations

from collections.abc import Mapping

Words = Mapping[str, str]

_KO: Words = {
    "sign_in": "로그인",
    "again": "본인 확인",
    "again_note": "내보내기·승인·권한 변경 전에는 다시 한 번 본인임을 확인합니다.",
    "name": "아이디",
    "password": "비밀번호",
    "enter": "로그인",
    "provider": "회사 계정으로 로그인",
    "no_accounts": "아직 계정이 없습니다. 서버를 시작한 창에 나온 주소로 첫 관리자 계정을 만드세요.",
    "demo_note": "체험판입니다. 비밀번호 없이 역할을 골라 들어갑니다. 모든 여행자는 지어낸 가상의 사람이고, 이 컴퓨터에서만 열려 있습니다.",
    "setup": "첫 계정 만들기",
    "setup_note": "이 계정은 관리자입니다. 다른 사람의 계정과 역할은 이 계정으로 만듭니다.",
    "is_marketer": "마케터 역할도 함께 갖기",
    "password_hint": "12자 이상. 기억하기 쉬운 문장이 좋습니다.",
    "make": "계정 만들기",
    "signed_out": "로그아웃했습니다",
    "sign_in_again": "다시 로그인",
    "sign_out_provider": "회사 계정에서도 로그아웃",
    "wrong": "아이디나 비밀번호가 맞지 않습니다.",
    "locked": "로그인에 여러 번 실패했습니다. 잠시 뒤 다시 시도하세요.",
    "bad_code": "이 주소는 더 이상 쓸 수 없습니다. 서버를 다시 시작하면 새 주소가 나옵니다.",
    "bad_account": "아이디는 영문 소문자·숫자 2~40자, 비밀번호는 짐작하기 어려운 12자 이상이어야 합니다.",
    "taken": "이미 계정이 있습니다. 로그인하세요.",
    "provider_failed": "회사 계정으로 로그인하지 못했습니다. 다시 시도하거나 관리자에게 문의하세요.",
    "no_role": "이 회사 계정에는 역할이 없습니다. 관리자에게 요청하세요.",
    "viewer": "조회자",
    "viewer_does": "저장된 오디언스와 대략의 규모를 봅니다",
    "analyst": "분석가",
    "analyst_does": "규칙을 만들어 보고 가명 데이터로 살펴봅니다",
    "marketer": "마케터",
    "marketer_does": "오디언스를 만들고 내보내기를 요청합니다",
    "approver": "승인자",
    "approver_does": "다른 사람의 요청을 승인합니다",
    "admin": "관리자",
    "admin_does": "계정과 역할, 데이터 적재를 관리합니다",
    "dpo": "개인정보 보호책임자",
    "dpo_does": "접근 기록을 살피고 파기를 지시합니다",
}

_EN: Words = {
    "sign_in": "Sign in",
    "again": "Confirm it is you",
    "again_note": "Before exports, approvals and changes of rights you say once more who you are.",
    "name": "Name",
    "password": "Password",
    "enter": "Sign in",
    "provider": "Sign in with your company account",
    "no_accounts": "There is no account yet. Make the first one at the address the server showed when it started.",
    "demo_note": "This is a demo: come in as any role, without a password. Every traveller is made up; it is open on this machine alone.",
    "setup": "Make the first account",
    "setup_note": "This account is an admin. It makes the accounts and roles of everybody else.",
    "is_marketer": "Be a marketer as well",
    "password_hint": "12 characters or more. A sentence is easy to remember.",
    "make": "Make the account",
    "signed_out": "You are signed out",
    "sign_in_again": "Sign in again",
    "sign_out_provider": "Sign out of your company account too",
    "wrong": "Name or password is not right.",
    "locked": "Too many sign-ins have failed. Try again in a while.",
    "bad_code": "This address can no longer be used. A new start of the server shows a new one.",
    "bad_account": "A name has 2 to 40 small letters or digits; a password 12 characters or more that are hard to guess.",
    "taken": "There is an account already. Sign in.",
    "provider_failed": "Signing in with your company account did not work. Try again, or ask an admin.",
    "no_role": "Your company account has no role here. Ask an admin for one.",
    "viewer": "Viewer",
    "viewer_does": "sees saved audiences and about how large they are",
    "analyst": "Analyst",
    "analyst_does": "builds rules and looks at pseudonymous data",
    "marketer": "Marketer",
    "marketer_does": "builds audiences and requests exports",
    "approver": "Approver",
    "approver_does": "approves what others request",
    "admin": "Admin",
    "admin_does": "keeps accounts and roles, and loads data",
    "dpo": "Data protection officer",
    "dpo_does": "reads the access log and orders erasure",
}

WORDS: Mapping[str, Words] = {"ko": _KO, "en": _EN}
"""By language; both say the same things."""

NAMES: Mapping[str, str] = {"ko": "한국어", "en": "English"}
"""What each language calls itself."""
