"""Domestic places: 17 provinces, 229 districts (as of 2026-06-30), travel areas, groups (`vocabulary.md` §3). Facts of geography only."""

from __future__ import annotations

PROVINCES = """
    11 | seoul | 서울 | Seoul | 서울특별시, 
    12 | busan | 부산 | Busan | 부산광역시, 
    13 | daegu | 대구 | Daegu | 대구광역시, 
    14 | incheon | 인천 | Incheon | 인천광역시, 
    15 | gwangju | 광주 | Gwangju | 광주광역시, 
    16 | daejeon | 대전 | Daejeon | 대전광역시, 
    17 | ulsan | 울산 | Ulsan | 울산광역시, 
    18 | sejong | 세종 | Sejong | 세종특별자치시, 
    19 | gyeonggi | 경기 | Gyeonggi | 경기도, 
    20 | gangwon | 강원 | Gangwon | 강원특별자치도, 
    21 | chungbuk | 충북 | North Chungcheong | 충청북도, 
    22 | chungnam | 충남 | South Chungcheong | 충청남도, 
    23 | jeonbuk | 전북 | North Jeolla | 전북특별자치도, 
    24 | jeonnam | 전남 | South Jeolla | 전라남도, 
    25 | gyeongbuk | 경북 | North Gyeongsang | 경상북도, 
    26 | gyeongnam | 경남 | South Gyeongsang | 경상남도, 
    27 | jeju | 제주 | Jeju | 제주특별자치도, 
"""

DISTRICTS = """
    seoul:
    101 | seoul_gangnam | 강남구 | Gangnam-gu | 강남
    102 | seoul_gangdong | 강동구 | Gangdong-gu | 강동
    103 | seoul_gangbuk | 강북구 | Gangbuk-gu | 강북
    104 | seoul_gangseo | 강서구 | Gangseo-gu | 강서
    105 | seoul_gwanak | 관악구 | Gwanak-gu | 관악
    106 | seoul_gwangjin | 광진구 | Gwangjin-gu | 광진
    107 | seoul_guro | 구로구 | Guro-gu | 구로
    108 | seoul_geumcheon | 금천구 | Geumcheon-gu | 금천
    109 | seoul_nowon | 노원구 | Nowon-gu | 노원
    110 | seoul_dobong | 도봉구 | Dobong-gu | 도봉
    111 | seoul_dongdaemun | 동대문구 | Dongdaemun-gu | 동대문
    112 | seoul_dongjak | 동작구 | Dongjak-gu | 동작
    113 | seoul_mapo | 마포구 | Mapo-gu | 마포
    114 | seoul_seodaemun | 서대문구 | Seodaemun-gu | 서대문
    115 | seoul_seocho | 서초구 | Seocho-gu | 서초
    116 | seoul_seongdong | 성동구 | Seongdong-gu | 성동
    117 | seoul_seongbuk | 성북구 | Seongbuk-gu | 성북
    118 | seoul_songpa | 송파구 | Songpa-gu | 잠실·송파, 잠실, 롯데월드, 방이, 송파
    119 | seoul_yangcheon | 양천구 | Yangcheon-gu | 양천
    120 | seoul_yeongdeungpo | 영등포구 | Yeongdeungpo-gu | 여의도·영등포, 여의도, 더현대, 문래, 영등포
    121 | seoul_yongsan | 용산구 | Yongsan-gu | 이태원·용산, 이태원, 한남, 서울역, 용산
    122 | seoul_eunpyeong | 은평구 | Eunpyeong-gu | 은평
    123 | seoul_jongno | 종로구 | Jongno-gu | 종로
    124 | seoul_jung | 중구 | Jung-gu
    125 | seoul_jungnang | 중랑구 | Jungnang-gu | 중랑

    busan:
    126 | busan_gangseo | 강서구 | Gangseo-gu | 강서
    127 | busan_geumjeong | 금정구 | Geumjeong-gu | 금정
    128 | busan_gijang | 기장군 | Gijang-gun | 기장·오시리아, 기장, 오시리아, 일광
    129 | busan_nam | 남구 | Nam-gu
    130 | busan_dong | 동구 | Dong-gu
    131 | busan_dongnae | 동래구 | Dongnae-gu | 동래
    132 | busan_busanjin | 부산진구 | Busanjin-gu | 서면·전포, 서면(부산), 전포, 부산진
    133 | busan_buk | 북구 | Buk-gu
    134 | busan_sasang | 사상구 | Sasang-gu | 사상
    135 | busan_saha | 사하구 | Saha-gu | 사하
    136 | busan_seo | 서구 | Seo-gu
    137 | busan_suyeong | 수영구 | Suyeong-gu | 광안리, 민락, 수영
    138 | busan_yeonje | 연제구 | Yeonje-gu | 연제
    139 | busan_yeongdo | 영도구 | Yeongdo-gu | 영도
    140 | busan_jung | 중구 | Jung-gu
    141 | busan_haeundae | 해운대구 | Haeundae-gu | 해운대·센텀, 해운대, 센텀, 달맞이, 송정(부산)

    daegu:
    142 | daegu_gunwi | 군위군 | Gunwi-gun | 군위
    143 | daegu_nam | 남구 | Nam-gu
    144 | daegu_dalseo | 달서구 | Dalseo-gu | 달서
    145 | daegu_dalseong | 달성군 | Dalseong-gun | 달성
    146 | daegu_dong | 동구 | Dong-gu
    147 | daegu_buk | 북구 | Buk-gu
    148 | daegu_seo | 서구 | Seo-gu
    149 | daegu_suseong | 수성구 | Suseong-gu | 수성
    150 | daegu_jung | 중구 | Jung-gu

    incheon:
    151 | incheon_ganghwa | 강화군 | Ganghwa-gun | 강화·석모도, 강화도, 석모도, 교동, 강화
    152 | incheon_gyeyang | 계양구 | Gyeyang-gu | 계양
    153 | incheon_namdong | 남동구 | Namdong-gu | 남동
    154 | incheon_dong | 동구 | Dong-gu
    155 | incheon_michuhol | 미추홀구 | Michuhol-gu | 미추홀
    156 | incheon_bupyeong | 부평구 | Bupyeong-gu | 부평
    157 | incheon_seo | 서구 | Seo-gu
    158 | incheon_yeonsu | 연수구 | Yeonsu-gu | 연수
    159 | incheon_ongjin | 옹진군 | Ongjin-gun | 옹진
    160 | incheon_jung | 중구 | Jung-gu

    gwangju:
    161 | gwangju_gwangsan | 광산구 | Gwangsan-gu | 광산
    162 | gwangju_nam | 남구 | Nam-gu
    163 | gwangju_dong | 동구 | Dong-gu
    164 | gwangju_buk | 북구 | Buk-gu
    165 | gwangju_seo | 서구 | Seo-gu

    daejeon:
    166 | daejeon_daedeok | 대덕구 | Daedeok-gu | 대덕
    167 | daejeon_dong | 동구 | Dong-gu
    168 | daejeon_seo | 서구 | Seo-gu
    169 | daejeon_yuseong | 유성구 | Yuseong-gu | 대전 유성, 유성온천, 둔산, 엑스포, 유성
    170 | daejeon_jung | 중구 | Jung-gu

    ulsan:
    171 | ulsan_nam | 남구 | Nam-gu
    172 | ulsan_dong | 동구 | Dong-gu
    173 | ulsan_buk | 북구 | Buk-gu
    174 | ulsan_ulju | 울주군 | Ulju-gun | 울주
    175 | ulsan_jung | 중구 | Jung-gu

    sejong:
    176 | sejong_si | 세종시 | Sejong-si | 세종

    gyeonggi:
    177 | gapyeong | 가평군 | Gapyeong-gun | 가평, 청평, 설악면, 자라섬, 아침고요
    178 | goyang | 고양시 | Goyang-si | 고양·일산, 일산, 킨텍스, 고양
    179 | gwacheon | 과천시 | Gwacheon-si | 과천
    180 | gwangmyeong | 광명시 | Gwangmyeong-si | 광명
    181 | gyeonggi_gwangju | 광주시 | Gwangju-si | 광주
    182 | guri | 구리시 | Guri-si | 구리
    183 | gunpo | 군포시 | Gunpo-si | 군포
    184 | gimpo | 김포시 | Gimpo-si | 김포
    185 | namyangju | 남양주시 | Namyangju-si | 남양주, 북한강, 수동계곡, 다산
    186 | dongducheon | 동두천시 | Dongducheon-si | 동두천
    187 | bucheon | 부천시 | Bucheon-si | 부천
    188 | seongnam | 성남시 | Seongnam-si | 판교·분당, 판교, 분당, 서현, 성남
    189 | suwon | 수원시 | Suwon-si | 수원, 행궁동, 화성행궁, 광교
    190 | siheung | 시흥시 | Siheung-si | 시흥
    191 | ansan | 안산시 | Ansan-si | 안산
    192 | anseong | 안성시 | Anseong-si | 안성
    193 | anyang | 안양시 | Anyang-si | 안양
    194 | yangju | 양주시 | Yangju-si | 양주
    195 | yangpyeong | 양평군 | Yangpyeong-gun | 양평, 두물머리, 용문산, 세미원
    196 | yeoju | 여주시 | Yeoju-si | 여주
    197 | yeoncheon | 연천군 | Yeoncheon-gun | 연천
    198 | osan | 오산시 | Osan-si | 오산
    199 | yongin | 용인시 | Yongin-si | 용인, 에버랜드, 캐리비안베이, 민속촌
    200 | uiwang | 의왕시 | Uiwang-si | 의왕
    201 | uijeongbu | 의정부시 | Uijeongbu-si | 의정부
    202 | icheon | 이천시 | Icheon-si | 이천
    203 | paju | 파주시 | Paju-si | 파주, 헤이리, 출판단지, 임진각, 마장호수
    204 | pyeongtaek | 평택시 | Pyeongtaek-si | 평택
    205 | pocheon | 포천시 | Pocheon-si | 포천, 산정호수, 백운계곡, 아트밸리
    206 | hanam | 하남시 | Hanam-si | 하남
    207 | hwaseong | 화성시 | Hwaseong-si | 화성

    gangwon:
    208 | gangneung | 강릉시 | Gangneung-si | 강릉, 경포, 안목, 주문진, 정동진, 강문, 송정(강릉)
    209 | gangwon_goseong | 고성군 | Goseong-gun | 고성(강원), 아야진, 화진포, 봉포, 델피노, 고성
    210 | donghae | 동해시 | Donghae-si | 동해
    211 | samcheok | 삼척시 | Samcheok-si | 삼척
    212 | sokcho | 속초시 | Sokcho-si | 속초, 설악산, 대포항, 영랑호, 청초호
    213 | yanggu | 양구군 | Yanggu-gun | 양구
    214 | yangyang | 양양군 | Yangyang-gun | 양양, 서피비치, 낙산, 하조대, 죽도, 인구
    215 | yeongwol | 영월군 | Yeongwol-gun | 영월, 동강, 별마로천문대
    216 | wonju | 원주시 | Wonju-si | 원주, 오크밸리, 뮤지엄산, 치악산
    217 | inje | 인제군 | Inje-gun | 인제, 내린천, 자작나무숲, 백담사
    218 | jeongseon | 정선군 | Jeongseon-gun | 정선
    219 | cheorwon | 철원군 | Cheorwon-gun | 철원
    220 | chuncheon | 춘천시 | Chuncheon-si | 춘천, 남이섬, 레고랜드, 소양강, 강촌
    221 | taebaek | 태백시 | Taebaek-si | 태백
    222 | pyeongchang | 평창군 | Pyeongchang-gun | 평창, 대관령, 용평, 휘닉스, 알펜시아, 봉평
    223 | hongcheon | 홍천군 | Hongcheon-gun | 홍천, 비발디파크, 오션월드, 소노
    224 | hwacheon | 화천군 | Hwacheon-gun | 화천
    225 | hoengseong | 횡성군 | Hoengseong-gun | 횡성

    chungbuk:
    226 | goesan | 괴산군 | Goesan-gun | 괴산
    227 | danyang | 단양군 | Danyang-gun | 단양, 도담삼봉, 패러글라이딩, 소백산
    228 | boeun | 보은군 | Boeun-gun | 보은
    229 | yeongdong | 영동군 | Yeongdong-gun | 영동
    230 | okcheon | 옥천군 | Okcheon-gun | 옥천
    231 | eumseong | 음성군 | Eumseong-gun | 음성
    232 | jecheon | 제천시 | Jecheon-si | 제천, 청풍호, 리솜포레스트, 의림지
    233 | jeungpyeong | 증평군 | Jeungpyeong-gun | 증평
    234 | jincheon | 진천군 | Jincheon-gun | 진천
    235 | cheongju | 청주시 | Cheongju-si | 청주
    236 | chungju | 충주시 | Chungju-si | 충주, 수안보, 충주호, 앙성

    chungnam:
    237 | gyeryong | 계룡시 | Gyeryong-si | 계룡
    238 | gongju | 공주시 | Gongju-si | 공주
    239 | geumsan | 금산군 | Geumsan-gun | 금산
    240 | nonsan | 논산시 | Nonsan-si | 논산
    241 | dangjin | 당진시 | Dangjin-si | 당진
    242 | boryeong | 보령시 | Boryeong-si | 보령·대천, 대천, 무창포, 원산도, 머드축제, 보령
    243 | buyeo | 부여군 | Buyeo-gun | 부여
    244 | seosan | 서산시 | Seosan-si | 서산
    245 | seocheon | 서천군 | Seocheon-gun | 서천
    246 | asan | 아산시 | Asan-si | 아산
    247 | yesan | 예산군 | Yesan-gun | 예산·덕산, 덕산온천, 스플라스, 예당호, 예산
    248 | cheonan | 천안시 | Cheonan-si | 천안
    249 | cheongyang | 청양군 | Cheongyang-gun | 청양
    250 | taean | 태안군 | Taean-gun | 태안·안면도, 안면도, 만리포, 꽃지, 몽산포, 태안
    251 | hongseong | 홍성군 | Hongseong-gun | 홍성

    jeonbuk:
    252 | gochang | 고창군 | Gochang-gun | 고창
    253 | gunsan | 군산시 | Gunsan-si | 군산, 선유도, 고군산군도, 근대거리
    254 | gimje | 김제시 | Gimje-si | 김제
    255 | namwon | 남원시 | Namwon-si | 남원
    256 | muju | 무주군 | Muju-gun | 무주, 덕유산, 무주리조트
    257 | buan | 부안군 | Buan-gun | 부안·변산, 변산반도, 격포, 채석강, 부안
    258 | sunchang | 순창군 | Sunchang-gun | 순창
    259 | wanju | 완주군 | Wanju-gun | 완주
    260 | iksan | 익산시 | Iksan-si | 익산
    261 | imsil | 임실군 | Imsil-gun | 임실
    262 | jangsu | 장수군 | Jangsu-gun | 장수
    263 | jeonju | 전주시 | Jeonju-si | 전주, 한옥마을, 객리단길
    264 | jeongeup | 정읍시 | Jeongeup-si | 정읍
    265 | jinan | 진안군 | Jinan-gun | 진안

    jeonnam:
    266 | gangjin | 강진군 | Gangjin-gun | 강진
    267 | goheung | 고흥군 | Goheung-gun | 고흥
    268 | gokseong | 곡성군 | Gokseong-gun | 곡성
    269 | gwangyang | 광양시 | Gwangyang-si | 광양
    270 | gurye | 구례군 | Gurye-gun | 구례
    271 | naju | 나주시 | Naju-si | 나주
    272 | damyang | 담양군 | Damyang-gun | 담양, 죽녹원, 메타세쿼이아
    273 | mokpo | 목포시 | Mokpo-si | 목포
    274 | muan | 무안군 | Muan-gun | 무안
    275 | boseong | 보성군 | Boseong-gun | 보성
    276 | suncheon | 순천시 | Suncheon-si | 순천, 순천만, 국가정원, 낙안읍성
    277 | sinan | 신안군 | Sinan-gun | 신안
    278 | yeosu | 여수시 | Yeosu-si | 여수, 밤바다, 돌산, 오동도, 향일암
    279 | yeonggwang | 영광군 | Yeonggwang-gun | 영광
    280 | yeongam | 영암군 | Yeongam-gun | 영암
    281 | wando | 완도군 | Wando-gun | 완도
    282 | jangseong | 장성군 | Jangseong-gun | 장성
    283 | jangheung | 장흥군 | Jangheung-gun | 장흥
    284 | jindo | 진도군 | Jindo-gun | 진도
    285 | hampyeong | 함평군 | Hampyeong-gun | 함평
    286 | haenam | 해남군 | Haenam-gun | 해남
    287 | hwasun | 화순군 | Hwasun-gun | 화순

    gyeongbuk:
    288 | gyeongsan | 경산시 | Gyeongsan-si | 경산
    289 | gyeongju | 경주시 | Gyeongju-si | 경주, 보문, 황리단길, 불국사, 대릉원
    290 | goryeong | 고령군 | Goryeong-gun | 고령
    291 | gumi | 구미시 | Gumi-si | 구미
    292 | gimcheon | 김천시 | Gimcheon-si | 김천
    293 | mungyeong | 문경시 | Mungyeong-si | 문경
    294 | bonghwa | 봉화군 | Bonghwa-gun | 봉화
    295 | sangju | 상주시 | Sangju-si | 상주
    296 | seongju | 성주군 | Seongju-gun | 성주
    297 | andong | 안동시 | Andong-si | 안동, 하회마을, 월영교
    298 | yeongdeok | 영덕군 | Yeongdeok-gun | 영덕
    299 | yeongyang | 영양군 | Yeongyang-gun | 영양
    300 | yeongju | 영주시 | Yeongju-si | 영주
    301 | yeongcheon | 영천시 | Yeongcheon-si | 영천
    302 | yecheon | 예천군 | Yecheon-gun | 예천
    303 | ulleung | 울릉군 | Ulleung-gun | 울릉도·독도, 울릉도, 독도, 울릉
    304 | uljin | 울진군 | Uljin-gun | 울진
    305 | uiseong | 의성군 | Uiseong-gun | 의성
    306 | cheongdo | 청도군 | Cheongdo-gun | 청도
    307 | cheongsong | 청송군 | Cheongsong-gun | 청송
    308 | chilgok | 칠곡군 | Chilgok-gun | 칠곡
    309 | pohang | 포항시 | Pohang-si | 포항, 영일대, 구룡포, 호미곶

    gyeongnam:
    310 | geoje | 거제시 | Geoje-si | 거제, 외도, 학동, 바람의언덕, 지심도
    311 | geochang | 거창군 | Geochang-gun | 거창
    312 | gyeongnam_goseong | 고성군 | Goseong-gun | 고성
    313 | gimhae | 김해시 | Gimhae-si | 김해
    314 | namhae | 남해군 | Namhae-gun | 남해, 독일마을, 다랭이마을, 상주은모래
    315 | miryang | 밀양시 | Miryang-si | 밀양
    316 | sacheon | 사천시 | Sacheon-si | 사천
    317 | sancheong | 산청군 | Sancheong-gun | 산청
    318 | yangsan | 양산시 | Yangsan-si | 양산
    319 | uiryeong | 의령군 | Uiryeong-gun | 의령
    320 | jinju | 진주시 | Jinju-si | 진주
    321 | changnyeong | 창녕군 | Changnyeong-gun | 창녕
    322 | changwon | 창원시 | Changwon-si | 창원·진해, 진해 군항제, 마산, 창원
    323 | tongyeong | 통영시 | Tongyeong-si | 통영, 동피랑, 욕지도, 한산도
    324 | hadong | 하동군 | Hadong-gun | 하동
    325 | haman | 함안군 | Haman-gun | 함안
    326 | hamyang | 함양군 | Hamyang-gun | 함양
    327 | hapcheon | 합천군 | Hapcheon-gun | 합천

    jeju:
    328 | jeju_si | 제주시 | Jeju-si | 제주
    329 | seogwipo | 서귀포시 | Seogwipo-si | 서귀포
"""
"""Lines `code | key | ko | en | synonyms` under the key of their province."""

SUB_AREAS = """
    401 | songdo | 송도(인천) | Songdo (Incheon) | 송도국제도시, 센트럴파크 | incheon_yeonsu
    402 | yeongjong | 영종도·을왕리 | Yeongjong Island | 영종, 을왕리, 인천공항, 무의도 | incheon_jung
    403 | wolmido | 월미도·개항장 | Wolmido and the open port | 월미도, 차이나타운 | incheon_jung
    404 | jeju_downtown | 제주시내·공항 | Jeju downtown and airport | 제주공항, 노형, 연동, 탑동, 이호 | jeju_si
    405 | aewol_hyeopjae | 애월·협재·한림 | Aewol, Hyeopjae and Hallim | 애월, 곽지, 협재, 한림, 한경 | jeju_si
    406 | hamdeok_woljeong | 함덕·월정·구좌 | Hamdeok, Woljeong and Gujwa | 함덕, 김녕, 월정리, 세화, 조천 | jeju_si
    407 | seongsan_udo | 성산·우도·표선 | Seongsan, Udo and Pyoseon | 성산일출봉, 섭지코지, 우도, 표선 | seogwipo
    408 | jungmun | 중문·안덕·대정 | Jungmun and Andeok | 중문, 산방산, 모슬포, 신라·롯데 | seogwipo
"""
"""Travel areas inside one district, named last. 성산·우도·표선 lies in both cities of Jeju; as the union of both it would be all of
Jeju, so it stands under 서귀포 like the other southern areas."""

UNION_AREAS = """
    451 | gangnam_seocho | 강남·서초 | Gangnam and Seocho | 강남, 역삼, 삼성, 선릉, 신사, 코엑스 | seoul | seoul_gangnam seoul_seocho
    452 | hongdae_sinchon | 홍대·신촌 | Hongdae and Sinchon | 홍대, 합정, 연남, 신촌, 상암 | seoul | seoul_mapo seoul_seodaemun
    453 | myeongdong_jongno | 명동·종로 | Myeongdong and Jongno | 명동, 을지로, 동대문, 광화문, 인사동, 북촌 | seoul | seoul_jung seoul_jongno
    454 | seongsu_gundae | 성수·건대 | Seongsu and Konkuk Univ. | 성수, 서울숲, 건대, 왕십리 | seoul | seoul_seongdong seoul_gwangjin
    455 | nampo_yeongdo | 남포·부산역·영도 | Nampo and Yeongdo | 남포동, 자갈치, 부산역, 송도(부산), 태종대 | busan | busan_jung busan_dong busan_seo busan_yeongdo
    456 | daegu_dongseongro | 동성로·수성못 | Dongseongno and Suseong Lake | 동성로, 김광석길, 수성못 | daegu | daegu_jung daegu_suseong
    457 | daebu_jebu | 대부도·제부도 | Daebudo and Jebudo | 대부도, 제부도, 궁평항, 선감도 | gyeonggi | ansan hwaseong
    458 | yeoju_icheon | 여주·이천 | Yeoju and Icheon | 여주아울렛, 이천도자, 신륵사 | gyeonggi | yeoju icheon
    459 | donghae_samcheok | 동해·삼척 | Donghae and Samcheok | 망상, 추암, 묵호, 장호항, 쏠비치삼척 | gangwon | donghae samcheok
    460 | jeongseon_taebaek | 정선·태백 | Jeongseon and Taebaek | 하이원, 강원랜드, 만항재 | gangwon | jeongseon taebaek
    461 | cheonan_asan | 천안·아산 | Cheonan and Asan | 온양온천, 아산스파비스, 독립기념관 | chungnam | cheonan asan
    462 | gongju_buyeo | 공주·부여 | Gongju and Buyeo | 백제, 롯데리조트부여, 마곡사 | chungnam | gongju buyeo
    463 | mokpo_sinan | 목포·신안 | Mokpo and Sinan | 해상케이블카, 퍼플섬, 증도 | jeonnam | mokpo sinan
    464 | wando_haenam_jindo | 완도·해남·진도 | Wando, Haenam and Jindo | 땅끝, 청산도, 쏠비치진도 | jeonnam | wando haenam jindo
    465 | uljin_yeongdeok | 울진·영덕 | Uljin and Yeongdeok | 덕구온천, 후포, 강구항, 대게 | gyeongbuk | uljin yeongdeok
"""
"""Travel areas of several districts: province and members last."""

GROUPS = """
    501 | capital_area | 수도권 | Capital area | 수도권 | seoul incheon gyeonggi
    502 | capital_getaway | 수도권 근교 | Around the capital |  | gapyeong yangpyeong pocheon namyangju paju daebu_jebu incheon_ganghwa yeongjong yeoju_icheon yongin chuncheon hongcheon
    503 | busan_getaway | 부산 근교 | Around Busan |  | busan_gijang ulsan_ulju gyeongju miryang yangsan gimhae geoje tongyeong
    504 | daegu_getaway | 대구 근교 | Around Daegu |  | gyeongju cheongdo pohang yeongcheon daegu_gunwi
    505 | chungcheong_getaway | 대전·충청 근교 | Around Daejeon |  | gongju_buyeo boryeong taean muju okcheon yeongdong
    506 | east_coast | 동해안 | East coast |  | gangwon_goseong sokcho yangyang gangneung donghae samcheok uljin yeongdeok pohang gyeongju
    507 | west_coast | 서해안 | West coast |  | incheon_ganghwa yeongjong daebu_jebu dangjin seosan taean boryeong seocheon gunsan buan gochang
    508 | south_coast | 남해안 | South coast |  | yeosu goheung boseong wando namhae sacheon tongyeong geoje gyeongnam_goseong changwon
    509 | seorak_area | 설악권 | Seorak area |  | sokcho gangwon_goseong yangyang inje
    510 | jiri_area | 지리산권 | Jiri area |  | gurye namwon hadong sancheong hamyang
    511 | ski_area | 스키권 | Ski area |  | pyeongchang hongcheon jeongseon muju wonju hoengseong gyeonggi_gwangju
    512 | island | 섬 | Islands |  | jeju ulleung sinan wando incheon_ongjin incheon_ganghwa geoje namhae
    513 | gyeongsang | 경상권 | Gyeongsang | 영남, 경상도 | busan daegu ulsan gyeongbuk gyeongnam
    514 | jeolla | 전라권 | Jeolla | 호남, 전라도 | gwangju jeonbuk jeonnam
    515 | chungcheong | 충청권 | Chungcheong | 충청도 | daejeon sejong chungbuk chungnam
"""
"""Groups that cut across provinces, members last."""

TRAVEL_AREAS = """
    gangnam_seocho | 강남·서초 | Gangnam and Seocho
    seoul_songpa | 잠실·송파
    hongdae_sinchon | 홍대·신촌 | Hongdae and Sinchon
    myeongdong_jongno | 명동·종로 | Myeongdong and Jongno
    seoul_yongsan | 이태원·용산
    seoul_yeongdeungpo | 여의도·영등포
    seongsu_gundae | 성수·건대 | Seongsu and Konkuk Univ.
    busan_haeundae | 해운대·센텀
    busan_suyeong | 광안리
    busan_busanjin | 서면·전포
    nampo_yeongdo | 남포·부산역·영도 | Nampo and Yeongdo
    busan_gijang | 기장·오시리아
    daegu_dongseongro | 동성로·수성못 | Dongseongno and Suseong Lake
    songdo | 송도(인천) | Songdo (Incheon)
    yeongjong | 영종도·을왕리 | Yeongjong Island
    incheon_ganghwa | 강화·석모도
    wolmido | 월미도·개항장 | Wolmido and the open port
    daejeon_yuseong | 대전 유성
    gapyeong | 가평
    yangpyeong | 양평
    pocheon | 포천
    namyangju | 남양주
    paju | 파주
    goyang | 고양·일산
    daebu_jebu | 대부도·제부도 | Daebudo and Jebudo
    suwon | 수원
    seongnam | 판교·분당
    yongin | 용인
    yeoju_icheon | 여주·이천 | Yeoju and Icheon
    gangneung | 강릉
    sokcho | 속초
    yangyang | 양양
    gangwon_goseong | 고성(강원)
    donghae_samcheok | 동해·삼척 | Donghae and Samcheok
    pyeongchang | 평창
    jeongseon_taebaek | 정선·태백 | Jeongseon and Taebaek
    hongcheon | 홍천
    chuncheon | 춘천
    wonju | 원주
    inje | 인제
    yeongwol | 영월
    danyang | 단양
    jecheon | 제천
    chungju | 충주
    cheonan_asan | 천안·아산 | Cheonan and Asan
    taean | 태안·안면도
    boryeong | 보령·대천
    gongju_buyeo | 공주·부여 | Gongju and Buyeo
    yesan | 예산·덕산
    jeonju | 전주
    gunsan | 군산
    buan | 부안·변산
    muju | 무주
    yeosu | 여수
    suncheon | 순천
    mokpo_sinan | 목포·신안 | Mokpo and Sinan
    damyang | 담양
    wando_haenam_jindo | 완도·해남·진도 | Wando, Haenam and Jindo
    gyeongju | 경주
    pohang | 포항
    andong | 안동
    uljin_yeongdeok | 울진·영덕 | Uljin and Yeongdeok
    ulleung | 울릉도·독도
    geoje | 거제
    tongyeong | 통영
    namhae | 남해
    changwon | 창원·진해
    jeju_downtown | 제주시내·공항 | Jeju downtown and airport
    aewol_hyeopjae | 애월·협재·한림 | Aewol, Hyeopjae and Hallim
    hamdeok_woljeong | 함덕·월정·구좌 | Hamdeok, Woljeong and Gujwa
    seongsan_udo | 성산·우도·표선 | Seongsan, Udo and Pyoseon
    jungmun | 중문·안덕·대정 | Jungmun and Andeok
"""
"""The 72 travel areas in order, by key and label; those equal to one district bear the district's key."""

NEIGHBOURS: dict[str, tuple[str, ...]] = {
    "seoul": ("gyeonggi", "incheon"),
    "incheon": ("seoul", "gyeonggi"),
    "gyeonggi": ("seoul", "incheon", "gangwon", "chungbuk", "chungnam"),
    "gangwon": ("gyeonggi", "chungbuk", "gyeongbuk"),
    "chungbuk": ("gyeonggi", "gangwon", "chungnam", "sejong", "daejeon", "jeonbuk", "gyeongbuk"),
    "chungnam": ("gyeonggi", "chungbuk", "sejong", "daejeon", "jeonbuk"),
    "daejeon": ("sejong", "chungbuk", "chungnam"),
    "sejong": ("daejeon", "chungbuk", "chungnam"),
    "jeonbuk": ("chungbuk", "chungnam", "jeonnam", "gyeongbuk", "gyeongnam"),
    "jeonnam": ("gwangju", "jeonbuk", "gyeongnam"),
    "gwangju": ("jeonnam",),
    "gyeongbuk": ("gangwon", "chungbuk", "jeonbuk", "daegu", "ulsan", "gyeongnam"),
    "daegu": ("gyeongbuk", "gyeongnam"),
    "ulsan": ("busan", "gyeongbuk", "gyeongnam"),
    "busan": ("ulsan", "gyeongnam"),
    "gyeongnam": ("busan", "ulsan", "daegu", "gyeongbuk", "jeonbuk", "jeonnam"),
    "jeju": (),
}
"""Provinces that touch by land."""
