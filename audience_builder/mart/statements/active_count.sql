SELECT COUNT(*)
FROM user_profile
WHERE valid_from <= $as_of
  AND (valid_to IS NULL OR valid_to > $as_of)
  AND status <= $last_active
  AND CAST(signed_up_at + INTERVAL 9 HOUR AS DATE) <= $day
