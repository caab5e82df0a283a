"""Overseas places: country groups, countries, 52 cities and their airports (`vocabulary.md` §4). Facts of geography only."""

from __future__ import annotations

COUNTRY_GROUPS = """
    601 | greater_china | 중화권·몽골 | Greater China and Mongolia | 중화권
    602 | southeast_asia | 동남아 | Southeast Asia
    603 | oceania_pacific | 대양주·괌·사이판 | Oceania, Guam and Saipan | 대양주
    604 | americas | 미주 | Americas
    605 | europe | 유럽 | Europe
    606 | middle_east | 중동 | Middle East
    607 | honeymoon_islands | 휴양섬(몰디브 등) | Honeymoon islands | 휴양섬
"""

COUNTRIES = """
    641 | japan | 일본 | Japan | | overseas
    642 | taiwan | 대만 | Taiwan | | greater_china
    643 | hong_kong_sar | 홍콩 | Hong Kong | | greater_china
    644 | macau_sar | 마카오 | Macau | | greater_china
    645 | china | 중국 | China | | greater_china
    646 | mongolia | 몽골 | Mongolia | | greater_china
    647 | vietnam | 베트남 | Vietnam | | southeast_asia
    648 | thailand | 태국 | Thailand | | southeast_asia
    649 | philippines | 필리핀 | Philippines | | southeast_asia
    650 | indonesia | 인도네시아 | Indonesia | | southeast_asia
    651 | singapore_country | 싱가포르 | Singapore | | southeast_asia
    652 | malaysia | 말레이시아 | Malaysia | | southeast_asia
    653 | laos | 라오스 | Laos | | southeast_asia
    654 | guam_us | 괌 | Guam | | oceania_pacific
    655 | northern_mariana | 사이판 | Northern Mariana Islands | | oceania_pacific
    656 | usa | 미국 | United States | | americas
    657 | australia | 호주 | Australia | | oceania_pacific
    658 | maldives_country | 몰디브 | Maldives | | honeymoon_islands
    659 | france | 프랑스 | France | | europe
    660 | uk | 영국 | United Kingdom | | europe
    661 | italy | 이탈리아 | Italy | | europe
    662 | spain | 스페인 | Spain | | europe
    663 | czechia | 체코 | Czechia | | europe
    664 | turkiye | 튀르키예 | Türkiye | | europe
    665 | uae | 아랍에미리트 | United Arab Emirates | | middle_east
"""
"""Country group last; Japan is its own group. The line number is the country's bit in intent masks: append only."""

CITIES = """
    701 | tokyo | 도쿄 | Tokyo | 동경, 신주쿠, 디즈니 | japan | NRT HND
    702 | osaka | 오사카 | Osaka | 난바, 유니버설 | japan | KIX
    703 | kyoto | 교토 | Kyoto | 쿄토, 아라시야마 | japan | KIX
    704 | fukuoka | 후쿠오카 | Fukuoka | 하카타, 텐진 | japan | FUK
    705 | yufuin_beppu | 유후인·벳푸 | Yufuin and Beppu | 유후인, 벳부, 오이타 | japan | OIT
    706 | sapporo | 삿포로 | Sapporo | 홋카이도, 북해도, 오타루 | japan | CTS
    707 | okinawa | 오키나와 | Okinawa | 나하 | japan | OKA
    708 | nagoya | 나고야 | Nagoya | 다카야마 | japan | NGO
    709 | matsuyama | 마쓰야마 | Matsuyama | 마츠야마, 도고온천 | japan | MYJ
    710 | takamatsu | 다카마쓰 | Takamatsu | 다카마츠, 나오시마 | japan | TAK
    711 | taipei | 타이베이 | Taipei | 타이페이, 대만 | taiwan | TPE TSA
    712 | kaohsiung | 가오슝 | Kaohsiung | 까오슝 | taiwan | KHH
    713 | hong_kong | 홍콩 | Hong Kong | 침사추이 | hong_kong_sar | HKG
    714 | macau | 마카오 | Macau |  | macau_sar | MFM
    715 | shanghai | 상하이 | Shanghai | 상해, 와이탄 | china | PVG SHA
    716 | beijing | 베이징 | Beijing | 북경 | china | PEK PKX
    717 | qingdao | 칭다오 | Qingdao | 청도(중국) | china | TAO
    718 | zhangjiajie | 장가계 | Zhangjiajie | 장자제 | china | DYG
    719 | ulaanbaatar | 울란바토르 | Ulaanbaatar | 몽골, 고비, 테를지 | mongolia | UBN
    720 | da_nang | 다낭 | Da Nang | 호이안, 경기도다낭시 | vietnam | DAD
    721 | nha_trang | 나트랑 | Nha Trang | 냐짱, 나짱 | vietnam | CXR
    722 | phu_quoc | 푸꾸옥 | Phu Quoc | 푸꿕 | vietnam | PQC
    723 | ho_chi_minh | 호찌민 | Ho Chi Minh City | 호치민, 사이공 | vietnam | SGN
    724 | hanoi | 하노이 | Hanoi | 하롱베이, 사파 | vietnam | HAN
    725 | da_lat | 달랏 | Da Lat |  | vietnam | DLI
    726 | bangkok | 방콕 | Bangkok |  | thailand | BKK DMK
    727 | phuket | 푸껫 | Phuket | 푸켓 | thailand | HKT
    728 | pattaya | 파타야 | Pattaya |  | thailand | UTP
    729 | chiang_mai | 치앙마이 | Chiang Mai |  | thailand | CNX
    730 | cebu | 세부 | Cebu | 막탄 | philippines | CEB
    731 | boracay | 보라카이 | Boracay |  | philippines | KLO MPH
    732 | bohol | 보홀 | Bohol | 팡라오 | philippines | TAG
    733 | manila | 마닐라·클락 | Manila and Clark | 클락 | philippines | MNL CRK
    734 | bali | 발리 | Bali | 우붓, 누사두아 | indonesia | DPS
    735 | singapore | 싱가포르 | Singapore | 싱가폴, 센토사 | singapore_country | SIN
    736 | kuala_lumpur | 쿠알라룸푸르 | Kuala Lumpur | 쿠알라 | malaysia | KUL
    737 | kota_kinabalu | 코타키나발루 | Kota Kinabalu | 코타 | malaysia | BKI
    738 | vientiane | 비엔티안·방비엥 | Vientiane and Vang Vieng | 라오스 | laos | VTE
    739 | guam | 괌 | Guam |  | guam_us | GUM
    740 | saipan | 사이판 | Saipan |  | northern_mariana | SPN
    741 | honolulu | 하와이 | Hawaii (Honolulu) | 호놀룰루, 와이키키 | usa | HNL
    742 | los_angeles | 로스앤젤레스 | Los Angeles | LA, 엘에이 | usa | LAX
    743 | new_york | 뉴욕 | New York |  | usa | JFK EWR
    744 | sydney | 시드니 | Sydney |  | australia | SYD
    745 | maldives | 몰디브 | Maldives |  | maldives_country | MLE
    746 | paris | 파리 | Paris |  | france | CDG
    747 | london | 런던 | London |  | uk | LHR
    748 | rome | 로마 | Rome | 피렌체, 베네치아 | italy | FCO
    749 | barcelona | 바르셀로나 | Barcelona | 마드리드 | spain | BCN
    750 | prague | 프라하 | Prague |  | czechia | PRG
    751 | istanbul | 이스탄불 | Istanbul | 터키, 카파도키아 | turkiye | IST
    752 | dubai | 두바이 | Dubai |  | uae | DXB
"""
"""Country and airports (IATA) last."""

OVERSEAS_GROUPS = """
    521 | short_haul | 단거리 | Short haul | | japan greater_china
    522 | mid_haul | 중거리 | Mid haul | | southeast_asia guam_us northern_mariana
    523 | long_haul | 장거리 | Long haul | | australia americas europe middle_east honeymoon_islands
    524 | resort_destination | 휴양지 | Resort destinations | | bali phuket nha_trang phu_quoc da_nang cebu boracay bohol kota_kinabalu guam saipan honolulu maldives okinawa
"""
"""Groups that cut across countries, members last."""
