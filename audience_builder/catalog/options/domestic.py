"""The places of Korea as tables of text, read by `catalog.places`: 17 provinces, 229 districts, 72 travel areas and groups.

A line is `code key | Korean | English | parent: members | synonyms`. A code is what the mart stores: it never changes and is
never given to another place, so a new place takes a code after the last of its table wherever its line stands.
"""

from __future__ import annotations

from typing import Final

ROOT: Final = "1 korea | 국내 | Korea | | 대한민국, 한국"

PROVINCES: Final = """
11 seoul | 서울 | Seoul | korea | 서울특별시, 서울시
12 busan | 부산 | Busan | korea | 부산광역시, 부산시
13 daegu | 대구 | Daegu | korea | 대구광역시, 대구시
14 incheon | 인천 | Incheon | korea | 인천광역시, 인천시
15 gwangju | 광주 | Gwangju | korea | 광주광역시, 광주시(광역)
16 daejeon | 대전 | Daejeon | korea | 대전광역시, 대전시
17 ulsan | 울산 | Ulsan | korea | 울산광역시, 울산시
18 sejong | 세종 | Sejong | korea | 세종특별자치시, 세종시
19 gyeonggi | 경기 | Gyeonggi | korea | 경기도, 경기권
20 gangwon | 강원 | Gangwon | korea | 강원특별자치도, 강원도
21 chungbuk | 충북 | Chungbuk | korea | 충청북도, 충북권
22 chungnam | 충남 | Chungnam | korea | 충청남도, 충남권
23 jeonbuk | 전북 | Jeonbuk | korea | 전북특별자치도, 전라북도
24 jeonnam | 전남 | Jeonnam | korea | 전라남도, 전남권
25 gyeongbuk | 경북 | Gyeongbuk | korea | 경상북도, 경북권
26 gyeongnam | 경남 | Gyeongnam | korea | 경상남도, 경남권
27 jeju | 제주 | Jeju | korea | 제주특별자치도, 제주도, 제주섬
"""
"""Below `korea`; synonyms start with the full name."""

DISTRICTS: Final[dict[str, str]] = {
    "seoul": """
101 seoul_gangnam 강남구 Gangnam-gu / 102 seoul_gangdong 강동구 Gangdong-gu / 103 seoul_gangbuk 강북구 Gangbuk-gu
104 seoul_gangseo 강서구 Gangseo-gu / 105 seoul_gwanak 관악구 Gwanak-gu / 106 seoul_gwangjin 광진구 Gwangjin-gu
107 seoul_guro 구로구 Guro-gu / 108 seoul_geumcheon 금천구 Geumcheon-gu / 109 seoul_nowon 노원구 Nowon-gu
110 seoul_dobong 도봉구 Dobong-gu / 111 seoul_dongdaemun 동대문구 Dongdaemun-gu
112 seoul_dongjak 동작구 Dongjak-gu / 113 seoul_mapo 마포구 Mapo-gu / 114 seoul_seodaemun 서대문구 Seodaemun-gu
115 seoul_seocho 서초구 Seocho-gu / 116 seoul_seongdong 성동구 Seongdong-gu / 117 seoul_seongbuk 성북구 Seongbuk-gu
118 seoul_songpa 송파구 Songpa-gu / 119 seoul_yangcheon 양천구 Yangcheon-gu
120 seoul_yeongdeungpo 영등포구 Yeongdeungpo-gu / 121 seoul_yongsan 용산구 Yongsan-gu
122 seoul_eunpyeong 은평구 Eunpyeong-gu / 123 seoul_jongno 종로구 Jongno-gu / 124 seoul_jung 중구 Jung-gu
125 seoul_jungnang 중랑구 Jungnang-gu
""",
    "busan": """
126 busan_gangseo 강서구 Gangseo-gu / 127 busan_geumjeong 금정구 Geumjeong-gu / 128 busan_gijang 기장군 Gijang-gun
129 busan_nam 남구 Nam-gu / 130 busan_dong 동구 Dong-gu / 131 busan_dongnae 동래구 Dongnae-gu
132 busan_busanjin 부산진구 Busanjin-gu / 133 busan_buk 북구 Buk-gu / 134 busan_sasang 사상구 Sasang-gu
135 busan_saha 사하구 Saha-gu / 136 busan_seo 서구 Seo-gu / 137 busan_suyeong 수영구 Suyeong-gu
138 busan_yeonje 연제구 Yeonje-gu / 139 busan_yeongdo 영도구 Yeongdo-gu / 140 busan_jung 중구 Jung-gu
141 busan_haeundae 해운대구 Haeundae-gu
""",
    "daegu": """
142 daegu_gunwi 군위군 Gunwi-gun / 143 daegu_nam 남구 Nam-gu / 144 daegu_dalseo 달서구 Dalseo-gu
145 daegu_dalseong 달성군 Dalseong-gun / 146 daegu_dong 동구 Dong-gu / 147 daegu_buk 북구 Buk-gu
148 daegu_seo 서구 Seo-gu / 149 daegu_suseong 수성구 Suseong-gu / 150 daegu_jung 중구 Jung-gu
""",
    "incheon": """
151 incheon_ganghwa 강화군 Ganghwa-gun / 152 incheon_gyeyang 계양구 Gyeyang-gu
153 incheon_namdong 남동구 Namdong-gu / 154 incheon_dong 동구 Dong-gu / 155 incheon_michuhol 미추홀구 Michuhol-gu
156 incheon_bupyeong 부평구 Bupyeong-gu / 157 incheon_seo 서구 Seo-gu / 158 incheon_yeonsu 연수구 Yeonsu-gu
159 incheon_ongjin 옹진군 Ongjin-gun / 160 incheon_jung 중구 Jung-gu
""",
    "gwangju": """
161 gwangju_gwangsan 광산구 Gwangsan-gu / 162 gwangju_nam 남구 Nam-gu / 163 gwangju_dong 동구 Dong-gu
164 gwangju_buk 북구 Buk-gu / 165 gwangju_seo 서구 Seo-gu
""",
    "daejeon": """
166 daejeon_daedeok 대덕구 Daedeok-gu / 167 daejeon_dong 동구 Dong-gu / 168 daejeon_seo 서구 Seo-gu
169 daejeon_yuseong 유성구 Yuseong-gu / 170 daejeon_jung 중구 Jung-gu
""",
    "ulsan": """
171 ulsan_nam 남구 Nam-gu / 172 ulsan_dong 동구 Dong-gu / 173 ulsan_buk 북구 Buk-gu / 174 ulsan_ulju 울주군 Ulju-gun
175 ulsan_jung 중구 Jung-gu
""",
    "sejong": """
176 sejong_si 세종시 Sejong City
""",
    "gyeonggi": """
177 gapyeong 가평군 Gapyeong-gun / 178 goyang 고양시 Goyang / 179 gwacheon 과천시 Gwacheon
180 gwangmyeong 광명시 Gwangmyeong / 181 gyeonggi_gwangju 광주시 Gwangju (Gyeonggi) / 182 guri 구리시 Guri
183 gunpo 군포시 Gunpo / 184 gimpo 김포시 Gimpo / 185 namyangju 남양주시 Namyangju
186 dongducheon 동두천시 Dongducheon / 187 bucheon 부천시 Bucheon / 188 seongnam 성남시 Seongnam
189 suwon 수원시 Suwon / 190 siheung 시흥시 Siheung / 191 ansan 안산시 Ansan / 192 anseong 안성시 Anseong
193 anyang 안양시 Anyang / 194 yangju 양주시 Yangju / 195 yangpyeong 양평군 Yangpyeong-gun / 196 yeoju 여주시 Yeoju
197 yeoncheon 연천군 Yeoncheon-gun / 198 osan 오산시 Osan / 199 yongin 용인시 Yongin / 200 uiwang 의왕시 Uiwang
201 uijeongbu 의정부시 Uijeongbu / 202 icheon 이천시 Icheon / 203 paju 파주시 Paju
204 pyeongtaek 평택시 Pyeongtaek / 205 pocheon 포천시 Pocheon / 206 hanam 하남시 Hanam
207 hwaseong 화성시 Hwaseong
""",
    "gangwon": """
208 gangneung 강릉시 Gangneung / 209 gangwon_goseong 고성군 Goseong-gun (Gangwon) / 210 donghae 동해시 Donghae
211 samcheok 삼척시 Samcheok / 212 sokcho 속초시 Sokcho / 213 yanggu 양구군 Yanggu-gun
214 yangyang 양양군 Yangyang-gun / 215 yeongwol 영월군 Yeongwol-gun / 216 wonju 원주시 Wonju
217 inje 인제군 Inje-gun / 218 jeongseon 정선군 Jeongseon-gun / 219 cheorwon 철원군 Cheorwon-gun
220 chuncheon 춘천시 Chuncheon / 221 taebaek 태백시 Taebaek / 222 pyeongchang 평창군 Pyeongchang-gun
223 hongcheon 홍천군 Hongcheon-gun / 224 hwacheon 화천군 Hwacheon-gun / 225 hoengseong 횡성군 Hoengseong-gun
""",
    "chungbuk": """
226 goesan 괴산군 Goesan-gun / 227 danyang 단양군 Danyang-gun / 228 boeun 보은군 Boeun-gun
229 yeongdong 영동군 Yeongdong-gun / 230 okcheon 옥천군 Okcheon-gun / 231 eumseong 음성군 Eumseong-gun
232 jecheon 제천시 Jecheon / 233 jeungpyeong 증평군 Jeungpyeong-gun / 234 jincheon 진천군 Jincheon-gun
235 cheongju 청주시 Cheongju / 236 chungju 충주시 Chungju
""",
    "chungnam": """
237 gyeryong 계룡시 Gyeryong / 238 gongju 공주시 Gongju / 239 geumsan 금산군 Geumsan-gun / 240 nonsan 논산시 Nonsan
241 dangjin 당진시 Dangjin / 242 boryeong 보령시 Boryeong / 243 buyeo 부여군 Buyeo-gun / 244 seosan 서산시 Seosan
245 seocheon 서천군 Seocheon-gun / 246 asan 아산시 Asan / 247 yesan 예산군 Yesan-gun / 248 cheonan 천안시 Cheonan
249 cheongyang 청양군 Cheongyang-gun / 250 taean 태안군 Taean-gun / 251 hongseong 홍성군 Hongseong-gun
""",
    "jeonbuk": """
252 gochang 고창군 Gochang-gun / 253 gunsan 군산시 Gunsan / 254 gimje 김제시 Gimje / 255 namwon 남원시 Namwon
256 muju 무주군 Muju-gun / 257 buan 부안군 Buan-gun / 258 sunchang 순창군 Sunchang-gun / 259 wanju 완주군 Wanju-gun
260 iksan 익산시 Iksan / 261 imsil 임실군 Imsil-gun / 262 jangsu 장수군 Jangsu-gun / 263 jeonju 전주시 Jeonju
264 jeongeup 정읍시 Jeongeup / 265 jinan 진안군 Jinan-gun
""",
    "jeonnam": """
266 gangjin 강진군 Gangjin-gun / 267 goheung 고흥군 Goheung-gun / 268 gokseong 곡성군 Gokseong-gun
269 gwangyang 광양시 Gwangyang / 270 gurye 구례군 Gurye-gun / 271 naju 나주시 Naju / 272 damyang 담양군 Damyang-gun
273 mokpo 목포시 Mokpo / 274 muan 무안군 Muan-gun / 275 boseong 보성군 Boseong-gun / 276 suncheon 순천시 Suncheon
277 sinan 신안군 Sinan-gun / 278 yeosu 여수시 Yeosu / 279 yeonggwang 영광군 Yeonggwang-gun
280 yeongam 영암군 Yeongam-gun / 281 wando 완도군 Wando-gun / 282 jangseong 장성군 Jangseong-gun
283 jangheung 장흥군 Jangheung-gun / 284 jindo 진도군 Jindo-gun / 285 hampyeong 함평군 Hampyeong-gun
286 haenam 해남군 Haenam-gun / 287 hwasun 화순군 Hwasun-gun
""",
    "gyeongbuk": """
288 gyeongsan 경산시 Gyeongsan / 289 gyeongju 경주시 Gyeongju / 290 goryeong 고령군 Goryeong-gun
291 gumi 구미시 Gumi / 292 gimcheon 김천시 Gimcheon / 293 mungyeong 문경시 Mungyeong
294 bonghwa 봉화군 Bonghwa-gun / 295 sangju 상주시 Sangju / 296 seongju 성주군 Seongju-gun
297 andong 안동시 Andong / 298 yeongdeok 영덕군 Yeongdeok-gun / 299 yeongyang 영양군 Yeongyang-gun
300 yeongju 영주시 Yeongju / 301 yeongcheon 영천시 Yeongcheon / 302 yecheon 예천군 Yecheon-gun
303 ulleung 울릉군 Ulleung-gun / 304 uljin 울진군 Uljin-gun / 305 uiseong 의성군 Uiseong-gun
306 cheongdo 청도군 Cheongdo-gun / 307 cheongsong 청송군 Cheongsong-gun / 308 chilgok 칠곡군 Chilgok-gun
309 pohang 포항시 Pohang
""",
    "gyeongnam": """
310 geoje 거제시 Geoje / 311 geochang 거창군 Geochang-gun / 312 gyeongnam_goseong 고성군 Goseong-gun (Gyeongnam)
313 gimhae 김해시 Gimhae / 314 namhae 남해군 Namhae-gun / 315 miryang 밀양시 Miryang / 316 sacheon 사천시 Sacheon
317 sancheong 산청군 Sancheong-gun / 318 yangsan 양산시 Yangsan / 319 uiryeong 의령군 Uiryeong-gun
320 jinju 진주시 Jinju / 321 changnyeong 창녕군 Changnyeong-gun / 322 changwon 창원시 Changwon
323 tongyeong 통영시 Tongyeong / 324 hadong 하동군 Hadong-gun / 325 haman 함안군 Haman-gun
326 hamyang 함양군 Hamyang-gun / 327 hapcheon 합천군 Hapcheon-gun
""",
    "jeju": """
328 jeju_si 제주시 Jeju City / 329 seogwipo 서귀포시 Seogwipo
""",
}
"""Of each province as of 2026-06-30: `code key ko en`, set apart by slashes."""

# seongsan_udo lies in both cities of Jeju, but as a union of the two it would be all of Jeju: it is a part of seogwipo, where most
# of it lies.
AREAS: Final = """
451 gangnam_seocho | 강남·서초 | Gangnam & Seocho | seoul: seoul_gangnam seoul_seocho | 강남, 역삼, 삼성, 선릉, 신사, 코엑스
= seoul_songpa | 잠실·송파 | Jamsil & Songpa | | 잠실, 롯데월드, 방이
452 hongdae_sinchon | 홍대·신촌 | Hongdae & Sinchon | seoul: seoul_mapo seoul_seodaemun | 홍대, 합정, 연남, 신촌, 상암
453 myeongdong_jongno | 명동·종로 | Myeongdong & Jongno | seoul: seoul_jung seoul_jongno | 명동, 을지로, 동대문, 광화문, 인사동, 북촌
= seoul_yongsan | 이태원·용산 | Itaewon & Yongsan | | 이태원, 한남, 서울역
= seoul_yeongdeungpo | 여의도·영등포 | Yeouido & Yeongdeungpo | | 여의도, 더현대, 문래
454 seongsu_gundae | 성수·건대 | Seongsu & Konkuk University | seoul: seoul_seongdong seoul_gwangjin | 성수, 서울숲, 건대, 왕십리
= busan_haeundae | 해운대·센텀 | Haeundae & Centum City | | 해운대, 센텀, 달맞이, 송정(부산)
= busan_suyeong | 광안리 | Gwangalli | | 광안리, 민락, 수영
= busan_busanjin | 서면·전포 | Seomyeon & Jeonpo | | 서면(부산), 전포
455 nampo_yeongdo | 남포·부산역·영도 | Nampo, Busan Station & Yeongdo | busan: busan_jung busan_dong busan_seo busan_yeongdo \
| 남포동, 자갈치, 부산역, 송도(부산), 태종대
= busan_gijang | 기장·오시리아 | Gijang & Osiria | | 기장, 오시리아, 일광
456 daegu_dongseongro | 동성로·수성못 | Dongseongno & Suseong Lake | daegu: daegu_jung daegu_suseong | 동성로, 김광석길, 수성못
401 songdo | 송도(인천) | Songdo (Incheon) | incheon_yeonsu | 송도국제도시, 센트럴파크
402 yeongjong | 영종도·을왕리 | Yeongjongdo & Eulwangni | incheon_jung | 영종, 을왕리, 인천공항, 무의도
= incheon_ganghwa | 강화·석모도 | Ganghwa & Seongmodo | | 강화도, 석모도, 교동
403 wolmido | 월미도·개항장 | Wolmido & Open Port | incheon_jung | 월미도, 차이나타운
= daejeon_yuseong | 대전 유성 | Yuseong (Daejeon) | | 유성온천, 둔산, 엑스포
= gapyeong | 가평 | Gapyeong | | 가평, 청평, 설악면, 자라섬, 아침고요
= yangpyeong | 양평 | Yangpyeong | | 두물머리, 용문산, 세미원
= pocheon | 포천 | Pocheon | | 산정호수, 백운계곡, 아트밸리
= namyangju | 남양주 | Namyangju | | 북한강, 수동계곡, 다산
= paju | 파주 | Paju | | 헤이리, 출판단지, 임진각, 마장호수
= goyang | 고양·일산 | Goyang & Ilsan | | 일산, 킨텍스
457 daebu_jebu | 대부도·제부도 | Daebudo & Jebudo | gyeonggi: ansan hwaseong | 대부도, 제부도, 궁평항, 선감도
= suwon | 수원 | Suwon | | 행궁동, 화성행궁, 광교
= seongnam | 판교·분당 | Pangyo & Bundang | | 판교, 분당, 서현
= yongin | 용인 | Yongin | | 에버랜드, 캐리비안베이, 민속촌
458 yeoju_icheon | 여주·이천 | Yeoju & Icheon | gyeonggi: yeoju icheon | 여주아울렛, 이천도자, 신륵사
= gangneung | 강릉 | Gangneung | | 경포, 안목, 주문진, 정동진, 강문, 송정(강릉)
= sokcho | 속초 | Sokcho | | 설악산, 대포항, 영랑호, 청초호
= yangyang | 양양 | Yangyang | | 서피비치, 낙산, 하조대, 죽도, 인구
= gangwon_goseong | 고성(강원) | Goseong (Gangwon) | | 아야진, 화진포, 봉포, 델피노
459 donghae_samcheok | 동해·삼척 | Donghae & Samcheok | gangwon: donghae samcheok | 망상, 추암, 묵호, 장호항, 쏠비치삼척
= pyeongchang | 평창 | Pyeongchang | | 대관령, 용평, 휘닉스, 알펜시아, 봉평
460 jeongseon_taebaek | 정선·태백 | Jeongseon & Taebaek | gangwon: jeongseon taebaek | 하이원, 강원랜드, 만항재
= hongcheon | 홍천 | Hongcheon | | 비발디파크, 오션월드, 소노
= chuncheon | 춘천 | Chuncheon | | 남이섬, 레고랜드, 소양강, 강촌
= wonju | 원주 | Wonju | | 오크밸리, 뮤지엄산, 치악산
= inje | 인제 | Inje | | 내린천, 자작나무숲, 백담사
= yeongwol | 영월 | Yeongwol | | 동강, 별마로천문대
= danyang | 단양 | Danyang | | 도담삼봉, 패러글라이딩, 소백산
= jecheon | 제천 | Jecheon | | 청풍호, 리솜포레스트, 의림지
= chungju | 충주 | Chungju | | 수안보, 충주호, 앙성
461 cheonan_asan | 천안·아산 | Cheonan & Asan | chungnam: cheonan asan | 온양온천, 아산스파비스, 독립기념관
= taean | 태안·안면도 | Taean & Anmyeondo | | 안면도, 만리포, 꽃지, 몽산포
= boryeong | 보령·대천 | Boryeong & Daecheon | | 대천, 무창포, 원산도, 머드축제
462 gongju_buyeo | 공주·부여 | Gongju & Buyeo | chungnam: gongju buyeo | 백제, 롯데리조트부여, 마곡사
= yesan | 예산·덕산 | Yesan & Deoksan | | 덕산온천, 스플라스, 예당호
= jeonju | 전주 | Jeonju | | 한옥마을, 객리단길
= gunsan | 군산 | Gunsan | | 선유도, 고군산군도, 근대거리
= buan | 부안·변산 | Buan & Byeonsan | | 변산반도, 격포, 채석강
= muju | 무주 | Muju | | 덕유산, 무주리조트
= yeosu | 여수 | Yeosu | | 밤바다, 돌산, 오동도, 향일암
= suncheon | 순천 | Suncheon | | 순천만, 국가정원, 낙안읍성
463 mokpo_sinan | 목포·신안 | Mokpo & Sinan | jeonnam: mokpo sinan | 해상케이블카, 퍼플섬, 증도
= damyang | 담양 | Damyang | | 죽녹원, 메타세쿼이아
464 wando_haenam_jindo | 완도·해남·진도 | Wando, Haenam & Jindo | jeonnam: wando haenam jindo | 땅끝, 청산도, 쏠비치진도
= gyeongju | 경주 | Gyeongju | | 보문, 황리단길, 불국사, 대릉원
= pohang | 포항 | Pohang | | 영일대, 구룡포, 호미곶
= andong | 안동 | Andong | | 하회마을, 월영교
465 uljin_yeongdeok | 울진·영덕 | Uljin & Yeongdeok | gyeongbuk: uljin yeongdeok | 덕구온천, 후포, 강구항, 대게
= ulleung | 울릉도·독도 | Ulleungdo & Dokdo | | 울릉도, 독도
= geoje | 거제 | Geoje | | 외도, 학동, 바람의언덕, 지심도
= tongyeong | 통영 | Tongyeong | | 동피랑, 욕지도, 한산도
= namhae | 남해 | Namhae | | 독일마을, 다랭이마을, 상주은모래
= changwon | 창원·진해 | Changwon & Jinhae | | 진해 군항제, 마산
404 jeju_downtown | 제주시내·공항 | Jeju downtown & airport | jeju_si | 제주공항, 노형, 연동, 탑동, 이호
405 aewol_hyeopjae | 애월·협재·한림 | Aewol, Hyeopjae & Hallim | jeju_si | 애월, 곽지, 협재, 한림, 한경
406 hamdeok_woljeong | 함덕·월정·구좌 | Hamdeok, Woljeong & Gujwa | jeju_si | 함덕, 김녕, 월정리, 세화, 조천
407 seongsan_udo | 성산·우도·표선 | Seongsan, Udo & Pyoseon | seogwipo | 성산일출봉, 섭지코지, 우도, 표선
408 jungmun | 중문·안덕·대정 | Jungmun, Andeok & Daejeong | seogwipo | 중문, 산방산, 모슬포, 신라·롯데
"""
"""In the order of the facet. `=`: the area is that district (one place, one name), so its label and synonyms go to the district.
A parent alone: a part of that district. `province: districts`: a union of them."""

GROUPS: Final = """
501 capital_area | 수도권 | Capital area | : seoul incheon gyeonggi
502 capital_getaway | 수도권 근교 | Capital getaways | : gapyeong yangpyeong pocheon namyangju paju daebu_jebu incheon_ganghwa yeongjong \
yeoju_icheon yongin chuncheon hongcheon
503 busan_getaway | 부산 근교 | Busan getaways | : busan_gijang ulsan_ulju gyeongju miryang yangsan gimhae geoje tongyeong
504 daegu_getaway | 대구 근교 | Daegu getaways | : gyeongju cheongdo pohang yeongcheon daegu_gunwi
505 chungcheong_getaway | 대전·충청 근교 | Daejeon & Chungcheong getaways | : gongju_buyeo boryeong taean muju okcheon yeongdong
506 east_coast | 동해안 | East coast | : gangwon_goseong sokcho yangyang gangneung donghae samcheok uljin yeongdeok pohang gyeongju
507 west_coast | 서해안 | West coast | : incheon_ganghwa yeongjong daebu_jebu dangjin seosan taean boryeong seocheon gunsan buan gochang
508 south_coast | 남해안 | South coast | : yeosu goheung boseong wando namhae sacheon tongyeong geoje gyeongnam_goseong changwon
509 seorak_area | 설악권 | Seorak area | : sokcho gangwon_goseong yangyang inje
510 jiri_area | 지리산권 | Jirisan area | : gurye namwon hadong sancheong hamyang
511 ski_area | 스키권 | Ski area | : pyeongchang hongcheon jeongseon muju wonju hoengseong gyeonggi_gwangju
512 island | 섬 | Islands | : jeju ulleung sinan wando incheon_ongjin incheon_ganghwa geoje namhae
513 gyeongsang | 경상권 | Gyeongsang (Yeongnam) | : busan daegu ulsan gyeongbuk gyeongnam | 영남, 경상도
514 jeolla | 전라권 | Jeolla (Honam) | : gwangju jeonbuk jeonnam | 호남, 전라도
515 chungcheong | 충청권 | Chungcheong | : daejeon sejong chungbuk chungnam | 충청도
"""
"""They cut across provinces, so they have members and no parent."""

NEIGHBOURS: Final[dict[str, tuple[str, ...]]] = {
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
"""Provinces that share a land border: 근교 is the home province and these."""
