"""The places abroad as tables of text, read by `catalog.places`: country groups, countries, 52 cities and their airports.

A line is `code key | Korean | English | parent: members | synonyms`, and codes never change, as in `options.domestic`. A
country's word (대만, 몽골, 라오스, 터키) is the country's alone, no synonym of its city.
"""

from __future__ import annotations

from typing import Final

ROOT: Final = "2 overseas | 해외 | Overseas | | 국외"

COUNTRY_GROUPS: Final = """
601 greater_china | 중화권·몽골 | Greater China & Mongolia | overseas | 중화권
602 southeast_asia | 동남아 | Southeast Asia | overseas | 동남아시아
603 oceania_pacific | 대양주·괌·사이판 | Oceania, Guam & Saipan | overseas | 대양주
604 americas | 미주 | Americas | overseas
605 europe | 유럽 | Europe | overseas
606 middle_east | 중동 | Middle East | overseas
607 honeymoon_islands | 휴양섬(몰디브 등) | Island resorts (Maldives) | overseas | 휴양섬
"""
"""Japan is a country and its own group: one place, in the table of countries."""

# A country's code is also the place of its bit (code − 641), so a new country takes the next code.
COUNTRIES: Final = """
641 japan | 일본 | Japan | overseas
642 taiwan | 대만 | Taiwan | greater_china
643 hong_kong_sar | 홍콩 | Hong Kong | greater_china
644 macau_sar | 마카오 | Macau | greater_china
645 china | 중국 | China | greater_china
646 mongolia | 몽골 | Mongolia | greater_china
647 vietnam | 베트남 | Vietnam | southeast_asia
648 thailand | 태국 | Thailand | southeast_asia
649 philippines | 필리핀 | Philippines | southeast_asia
650 indonesia | 인도네시아 | Indonesia | southeast_asia
651 singapore_country | 싱가포르 | Singapore | southeast_asia
652 malaysia | 말레이시아 | Malaysia | southeast_asia
653 laos | 라오스 | Laos | southeast_asia
654 guam_us | 괌 | Guam | oceania_pacific
655 northern_mariana | 사이판 | Saipan | oceania_pacific
656 usa | 미국 | United States | americas
657 australia | 호주 | Australia | oceania_pacific
658 maldives_country | 몰디브 | Maldives | honeymoon_islands
659 france | 프랑스 | France | europe
660 uk | 영국 | United Kingdom | europe
661 italy | 이탈리아 | Italy | europe
662 spain | 스페인 | Spain | europe
663 czechia | 체코 | Czechia | europe
664 turkiye | 튀르키예 | Türkiye | europe | 터키
665 uae | 아랍에미리트 | United Arab Emirates | middle_east
"""

CITIES: Final = """
701 tokyo | 도쿄 | Tokyo | japan | 동경, 신주쿠, 디즈니
702 osaka | 오사카 | Osaka | japan | 난바, 유니버설
703 kyoto | 교토 | Kyoto | japan | 쿄토, 아라시야마
704 fukuoka | 후쿠오카 | Fukuoka | japan | 하카타, 텐진
705 yufuin_beppu | 유후인·벳푸 | Yufuin & Beppu | japan | 유후인, 벳부, 오이타
706 sapporo | 삿포로 | Sapporo | japan | 홋카이도, 북해도, 오타루
707 okinawa | 오키나와 | Okinawa | japan | 나하
708 nagoya | 나고야 | Nagoya | japan | 다카야마
709 matsuyama | 마쓰야마 | Matsuyama | japan | 마츠야마, 도고온천
710 takamatsu | 다카마쓰 | Takamatsu | japan | 다카마츠, 나오시마
711 taipei | 타이베이 | Taipei | taiwan | 타이페이
712 kaohsiung | 가오슝 | Kaohsiung | taiwan | 까오슝
713 hong_kong | 홍콩 | Hong Kong | hong_kong_sar | 침사추이
714 macau | 마카오 | Macau | macau_sar
715 shanghai | 상하이 | Shanghai | china | 상해, 와이탄
716 beijing | 베이징 | Beijing | china | 북경
717 qingdao | 칭다오 | Qingdao | china | 청도(중국)
718 zhangjiajie | 장가계 | Zhangjiajie | china | 장자제
719 ulaanbaatar | 울란바토르 | Ulaanbaatar | mongolia | 고비, 테를지
720 da_nang | 다낭 | Da Nang | vietnam | 호이안, 경기도다낭시
721 nha_trang | 나트랑 | Nha Trang | vietnam | 냐짱, 나짱
722 phu_quoc | 푸꾸옥 | Phu Quoc | vietnam | 푸꿕
723 ho_chi_minh | 호찌민 | Ho Chi Minh City | vietnam | 호치민, 사이공
724 hanoi | 하노이 | Hanoi | vietnam | 하롱베이, 사파
725 da_lat | 달랏 | Da Lat | vietnam
726 bangkok | 방콕 | Bangkok | thailand
727 phuket | 푸껫 | Phuket | thailand | 푸켓
728 pattaya | 파타야 | Pattaya | thailand
729 chiang_mai | 치앙마이 | Chiang Mai | thailand
730 cebu | 세부 | Cebu | philippines | 막탄
731 boracay | 보라카이 | Boracay | philippines
732 bohol | 보홀 | Bohol | philippines | 팡라오
733 manila | 마닐라·클락 | Manila & Clark | philippines | 클락
734 bali | 발리 | Bali | indonesia | 우붓, 누사두아
735 singapore | 싱가포르 | Singapore | singapore_country | 싱가폴, 센토사
736 kuala_lumpur | 쿠알라룸푸르 | Kuala Lumpur | malaysia | 쿠알라
737 kota_kinabalu | 코타키나발루 | Kota Kinabalu | malaysia | 코타
738 vientiane | 비엔티안·방비엥 | Vientiane & Vang Vieng | laos
739 guam | 괌 | Guam | guam_us
740 saipan | 사이판 | Saipan | northern_mariana
741 honolulu | 하와이 | Hawaii | usa | 호놀룰루, 와이키키
742 los_angeles | 로스앤젤레스 | Los Angeles | usa | LA, 엘에이
743 new_york | 뉴욕 | New York | usa
744 sydney | 시드니 | Sydney | australia
745 maldives | 몰디브 | Maldives | maldives_country
746 paris | 파리 | Paris | france
747 london | 런던 | London | uk
748 rome | 로마 | Rome | italy | 피렌체, 베네치아
749 barcelona | 바르셀로나 | Barcelona | spain | 마드리드
750 prague | 프라하 | Prague | czechia
751 istanbul | 이스탄불 | Istanbul | turkiye | 카파도키아
752 dubai | 두바이 | Dubai | uae
"""

_AIRPORTS: Final = """
tokyo NRT HND / osaka KIX / kyoto KIX / fukuoka FUK / yufuin_beppu OIT / sapporo CTS / okinawa OKA / nagoya NGO
matsuyama MYJ / takamatsu TAK / taipei TPE TSA / kaohsiung KHH / hong_kong HKG / macau MFM / shanghai PVG SHA
beijing PEK PKX / qingdao TAO / zhangjiajie DYG / ulaanbaatar UBN / da_nang DAD / nha_trang CXR / phu_quoc PQC
ho_chi_minh SGN / hanoi HAN / da_lat DLI / bangkok BKK DMK / phuket HKT / pattaya UTP / chiang_mai CNX / cebu CEB
boracay KLO MPH / bohol TAG / manila MNL CRK / bali DPS / singapore SIN / kuala_lumpur KUL / kota_kinabalu BKI
vientiane VTE / guam GUM / saipan SPN / honolulu HNL / los_angeles LAX / new_york JFK EWR / sydney SYD
maldives MLE / paris CDG / london LHR / rome FCO / barcelona BCN / prague PRG / istanbul IST / dubai DXB
"""

AIRPORTS: Final[dict[str, tuple[str, ...]]] = {
    key: tuple(codes)
    for key, *codes in (entry.split() for entry in _AIRPORTS.strip().replace("\n", " / ").split(" / "))
}
"""IATA codes by city, the main airport first."""

# Guam, Saipan and the Maldives stand as countries, so that a fact said of the country counts too: they are nothing else.
GROUPS: Final = """
551 short_haul | 단거리 | Short haul | : japan greater_china
552 mid_haul | 중거리 | Mid haul | : southeast_asia guam_us northern_mariana
553 long_haul | 장거리 | Long haul | : australia americas europe middle_east honeymoon_islands
554 resort_destination | 휴양지 | Resort destinations | : bali phuket nha_trang phu_quoc da_nang cebu boracay bohol \
kota_kinabalu guam_us northern_mariana honolulu maldives_country okinawa
"""
