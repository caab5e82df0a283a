-- `bare`: of this user no version says more than that there is one; only bookings told of them.
CREATE TABLE stage.known AS
SELECT
  p.*,
  u.user_id,
  MIN(p.valid_from) OVER (PARTITION BY p.user_no) AS first_from,
  BOOL_AND(
    p.status = 1
    AND COALESCE(p.gender, p.tier, p.activity_region, p.life_stage) IS NULL
    AND COALESCE(p.marketing_use_at, p.push_at, p.email_at, p.sms_at, p.kakao_at, p.push_night_at, p.sms_night_at, p.kakao_night_at) IS NULL
    AND p.born_on IS NULL
  ) OVER (PARTITION BY p.user_no) AS bare
FROM user_profile AS p
JOIN user_number AS u ON u.user_no = p.user_no
WHERE EXISTS (SELECT 1 FROM stage.line AS l WHERE l.user_id = u.user_id)
