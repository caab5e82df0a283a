SELECT COUNT(*)
FROM (
  SELECT user_no FROM behavior_daily
  UNION
  SELECT user_no FROM booking_now
) AS known
WHERE NOT EXISTS (SELECT 1 FROM user_profile AS profile WHERE profile.user_no = known.user_no)
