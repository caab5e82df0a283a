-- The profile versions that hold at the moment $at, of users $first to $last. Moments are microseconds since 1970.
SELECT
  user_no AS "user",
  status,
  born_on - DATE '1970-01-01' AS born_on,
  gender,
  tier,
  activity_region,
  life_stage,
  CAST(signed_up_at + INTERVAL 9 HOUR AS DATE) - DATE '1970-01-01' AS signed_up_day,
  epoch_us(marketing_use_at) AS marketing_use,
  epoch_us(push_at) AS push,
  epoch_us(email_at) AS email,
  epoch_us(sms_at) AS sms,
  epoch_us(kakao_at) AS kakao,
  epoch_us(push_night_at) AS push_night,
  epoch_us(sms_night_at) AS sms_night,
  epoch_us(kakao_night_at) AS kakao_night
FROM user_profile
WHERE user_no BETWEEN CAST($first AS UINTEGER) AND CAST($last AS UINTEGER) AND valid_from <= $at AND (valid_to IS NULL OR valid_to > $at)
ORDER BY user_no, valid_from
