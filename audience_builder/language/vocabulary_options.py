"""Words for options beyond their labels and synonyms in the catalog, and catalog words too wide to trust in a sentence.

`kind key | words`, as in `vocabulary_ko`. For a group or several options at once the keys are joined by `+`.
"""

from __future__ import annotations

from typing import Final

WORDS: Final = """
gender female | 여성, 여자, 여성분, 여자분, 여성들, 여자들, 여, 여인, women, woman, female, females, ladies, 여성인
gender male | 남성, 남자, 남성분, 남자분, 남성들, 남자들, 남, men, man, male, males, guys
life family_infant | 영유아 가족, 영유아 있는 가족, 아기 있는 가족, 영유아 자녀, 아기 있는, 영유아가 있는 가족, 영유아를 둔, family with infants, families with infants, families with babies
life family_kids | 자녀 가족, 자녀 있는 가족, 아이 있는 가족, 자녀가 있는 가족, 아이가 있는 가족, 아이를 둔 가족, 초등 자녀, 초등학생 자녀, 자녀를 둔, 자녀 있는, 아이 있는, 키즈 가족, family with kids, families with kids, families with children, parents with kids
life family_teens | 청소년 자녀 가족, 중고생 자녀, 중고등학생 자녀, 청소년 자녀가 있는 가족, families with teenagers, families with teens
life newlywed | 신혼, 신혼부부, newlyweds, newlywed
life student | 학생, 대학생, students, student, college students
life single | 직장인, 1인 가구, 싱글, singles, working people, office workers
life couple | 커플, couples, couple
life empty_nest | 자녀 독립 부부, 자녀 독립 가구, empty nesters
device ios | 아이폰, ios, 아이패드, 애플, iphone, iphones, ipad, ios app, ios 앱
device android | 안드로이드, 갤럭시, 안드로이드폰, android, android app, aos, galaxy
device mobile_web | 모바일웹, 모바일 웹, mobile web, m웹
device desktop_web | pc, pc웹, pc 웹, 데스크톱, 데스크탑, desktop, desktop web, 컴퓨터
device app | 앱, 어플, app, 앱으로, 모바일 앱
device web | 웹, 웹사이트, web, website, 홈페이지
channel push | 푸시, 앱푸시, 앱 푸시, 푸쉬, push, 앱푸쉬, app push, push notifications, 푸시 알림
channel email | 이메일, 메일, email, e-mail, emails, 뉴스레터
channel sms | 문자, sms, lms, 문자메시지, 문자 메시지, text, text messages, text message
channel kakao | 카카오, 카카오톡, 카톡, 친구톡, kakao, kakaotalk, 카카오 알림, 카카오 광고, 브랜드 메시지
channel marketing_use | 마케팅, 마케팅 활용, 마케팅 정보, marketing, marketing use, 개인정보 마케팅 활용, 광고
status withdrawal_pending | 탈퇴 예정, 탈퇴예정, 탈퇴 예정자, 탈퇴예정자, 탈퇴 대기, withdrawal pending
status staff_test | 임직원, 직원, 테스트 계정, 테스트계정, 내부 직원, staff, employees, test accounts, employee
status dormant | 휴면 상태, 휴면 계정, 휴면계정
stay_type hotel | 호텔, hotel, hotels
stay_type resort | 리조트, 콘도, resort, resorts, condo, condos
stay_type pension | 펜션, pension, pensions
stay_type pool_villa | 풀빌라, 풀 빌라, pool villa, pool villas
stay_type motel | 모텔, motel, motels
stay_type guest_house | 게스트하우스, 게하, guesthouse, guesthouses, guest house, guest houses, hostel, hostels, 호스텔
stay_type camping | 캠핑, 캠핑장, 오토캠핑, 오토캠핑장, camping, campsite, campsites
stay_type glamping | 글램핑, 글램핑장, glamping
stay_type caravan | 카라반, caravan, caravans
stay_type hanok | 한옥, 한옥스테이, 한옥 스테이, hanok, hanoks
stay_type residence | 레지던스, residence, serviced residence, residences
stay_type house | 독채, 민박, 홈, house, houses, whole house, 독채 숙소
stay_type hotel+resort | 호텔리조트
line stay | 숙소, 숙박, 숙박 상품, 숙박업소, 스테이, accommodation, accommodations, lodging, lodgings, a stay, stays
line domestic_stay | 국내 숙소, 국내숙소, 국내 숙박, domestic stay, domestic stays, domestic accommodation
line overseas_stay | 해외 숙소, 해외숙소, 해외 숙박, 해외 호텔, 해외호텔, overseas stay, overseas stays, overseas accommodation, overseas hotel
line rental_car | 렌터카, 렌트카, 렌트, 렌터 카, 차량 대여, rental car, rental cars, car rental, car rentals
line leisure_ticket | 레저, 레저 티켓, 레저·티켓, 티켓, 입장권, 액티비티, 레저티켓, leisure, leisure ticket, leisure tickets, tickets, activity, activities
line space | 공간대여, 공간 대여, 대관, 공간, space rental, spaces, space
line flight | 항공, 항공권, 비행기, 항공편, 비행기표, 비행기 표, flight, flights, plane tickets, airfare, plane ticket
line train | 기차, 열차, 기차표, train, trains
line bus | 버스, 버스표, bus, buses
line ferry | 여객선, 페리, 배편, 배표, ferry, ferries
line cross_sell | 숙박 외, 숙소 외, 숙박 이외, 숙소 이외
transport flight | 항공, 항공권, 비행기, 항공편, 비행기표, 비행기 표, flight, flights, plane tickets, airfare, plane ticket
transport train | 기차, 열차, 기차표, train, trains
transport bus | 버스, 버스표, bus, buses
transport ferry | 여객선, 페리, 배편, 배표, ferry, ferries
transport flight_domestic | 국내선, 국내 항공권, 국내 항공, 국내선 항공권, domestic flight, domestic flights
transport flight_international | 국제선, 해외 항공권, 해외 항공, 해외항공권, 국제선 항공권, international flight, international flights
transport ktx | ktx, 케이티엑스
transport srt | srt, 에스알티
transport high_speed | 고속철도, 고속열차, high-speed rail
line transport | 교통, 교통편, 교통수단, transport
party solo | 혼자, 혼행, 1인, 나 홀로, 솔로, alone, solo
party couple | 둘이, 둘이서, 연인, 커플, 부부, 연인과, as a couple, with a partner
party friends | 친구, 친구들, 친구와, 지인, with friends, friends
party child | 아이, 아이 동반, 아이와, 아이랑, 자녀, 자녀 동반, 아이들과, with kids, with children
party infant | 영유아, 영유아 동반, 아기, 아기와, 아기 동반, with infants, with a baby
party family_kids | 영유아·아이 동반
party teen | 청소년 자녀, 청소년 자녀 동반, with teenagers
party parents | 부모님, 부모님과, 부모님 모시고, 효도, 부모님 동반, with parents
party three_generation | 3대 가족, 3대가, 삼대, three generations
party group | 단체, 워크숍, 엠티, groups
party pet | 반려동물, 반려견, 강아지, 펫, 애견, 반려동물 동반, 반려견 동반, 반려견과, 강아지와, 반려묘, 댕댕이, with pets, with a pet, pets, pet, with a dog
party business | 출장, business trip, business trips, on business
theme pet | 반려동물, 반려견, 애견, 펫, 강아지, 반려동물 동반, 애견 동반, 펫프렌들리, pet-friendly, pet friendly, pets, 댕댕이, 애견동반, 반려견 동반
theme kids | 키즈, 아이 동반, 키즈룸, kids, kid-friendly
theme spa | 스파, 온천, 온천 숙소, hot spring, spa, hot springs
theme ocean_view | 오션뷰, 바다뷰, 바다 전망, 바다가 보이는, ocean view, sea view, 바다 보이는
theme pool | 수영장, 수영장 있는, 인피니티풀, 실내수영장, 온수풀, swimming pool, pool
theme workation | 워케이션, workation
theme hocance | 호캉스, hotel staycation, staycation
theme luxury | 럭셔리, 고급, 프리미엄, luxury
theme healing | 힐링, healing
theme party | 파티, party
theme couple | 커플, 기념일, couples, anniversary
theme value | 가성비, good value, budget
night_kind weekend | 주말, 주말에, weekend, weekends, weekend nights, 금토
night_kind weekday | 평일, 평일에, weekday, weekdays, weekday nights, 주중
night_kind holiday_eve | 공휴일 전날, 연휴 전날, 공휴일
stay_mode day_use | 대실, day use
stay_mode long_stay | 장기 숙박, 장박, long stay, long stays
stay_mode monthly | 한달살기, 한 달 살기, monthly stay
intent imminent | 임박, imminent
intent clear | 뚜렷, 뚜렷한, 확실한, clear, 높은, 강한
intent weak | 약함, 약한, weak, 낮은
intent none | 없음
tier welcome | 웰컴, welcome
tier silver | 실버, silver
tier gold | 골드, gold, 골드등급, gold-tier
tier vip | vip, 브이아이피
tier vvip | vvip, 브이브이아이피
place overseas | 해외, overseas, abroad
place korea | 국내, domestic, korea
place jeju | 제주, 제주도, 제주섬, jeju, jeju island
place gangwon | 강원, 강원도, 강원권
place capital_area | 수도권, the capital area, capital area, seoul metropolitan area
place capital_getaway | 수도권 근교, 서울 근교
place gyeongsang | 경상도, 경상권, 영남
place jeolla | 전라도, 전라권, 호남
place chungcheong | 충청도, 충청권
place east_coast | 동해안, 동해 바다, 동해쪽
place goseong_both | 고성
leisure_type ski | 리프트권, 스키 리프트권, 스키권, 스키장 리프트권, 눈썰매, lift tickets, lift ticket, 스키, ski
leisure_type theme_park | 테마파크, 놀이공원, 테마파크 입장권, theme park, theme parks, amusement park, theme park tickets, 놀이공원 티켓, 테마파크 티켓
leisure_type water_park | 워터파크, water park, water parks
leisure_type aquarium | 아쿠아리움, aquarium, 수족관
leisure_type exhibition | 전시, 전시회, exhibition, exhibitions
space_type party_room | 파티룸, party room, party rooms
space_type study_room | 스터디룸, study room, study rooms
"""

DISTRUSTED: Final = frozenset(
    """대형 눈 보드 고기 충전 배 카트 인구 한경 연동 전망 시설 활동 분위기 동반 나하 특급 특가 저렴한 조용한 일하며 풀 소형 중형
    정원 우등 안무 데스크 프리미엄 출장 뷔페 수영 신사 삼성 대학 인천공항 소노 한라 서현 유니버설 디즈니 투어 공방 카드 보컬
    대관 이용 전체 확정 취소 예약 조회 체크인 체크아웃 정상 normal completed cancelled confirmed viewed booked any upcoming
    company views activities mood facilities family group alone friends house stays transport app web none full-size van ev
    import compact midsize electric golf ski kids couples pool outdoor class spa party festivals museum fishing
    남해 서해 동해 기타 어린이 성수 상무 교동 다산 보문 대게 동강 외도 죽도 인구 선감도 강문 인제 후포 송정 서면 백제 신촌 옥천 상주 라운지 여 남 스테이 호수 축구 야구""".split()
)
"""Catalog words that mean too much else in a sentence: they count only where a line above says so."""

NEEDS_PLACE_CONTEXT: Final = frozenset(
    """공주 상주 진주 구리 나주 보은 의성 장수 영광 안성 화성 여주 고령 음성 고창 인제 예산 이천 사천 전주 경기 세부 발리 나라
    파리 남해 동해 서해 설악 무안 고성 진도 완도 제천 양구 부여 강진 하동 장성 태안 함안 김제 영주 거제 산청 신안 진안 임실 순창
    기장 오산 군산 시흥 광명 의왕 과천 성남 김포 안산 서산 당진 보령 논산 아산 경산 구미 김천 영천 청도 칠곡 예천 울진 서천 청양
    부안 정읍 남원 장흥 해남 영암 무주 완주 곡성 구례 고흥 보성 화순 함평 영덕 청송 영양 봉화 합천 창녕 의령 거창 함양 산본""".split()
)
"""Places that are words as well: a place only before a verb that takes one, a stay type, or with 시 or 군."""

TWO_READINGS: Final = {
    "광주": ("gwangju", "gyeonggi_gwangju"),
    "고성": ("gangwon_goseong", "gyeongnam_goseong"),
    "송도": ("songdo", "nampo_yeongdo"),
    "송정": ("busan_haeundae", "gangneung"),
    "서면": ("busan_busanjin", "yangyang"),
    "청도": ("cheongdo", "qingdao"),
    "설악": ("sokcho", "gapyeong"),
    "동해": ("donghae", "east_coast"),
    "남해": ("namhae", "south_coast"),
    "서해": ("west_coast", "west_coast"),
}
"""Words for two places: the first is taken, the second offered."""

NEEDS_PROVINCE: Final = frozenset("중구 동구 서구 남구 북구 강서구".split())
"""Districts of several cities: a place only with its province."""
