SELECT 1
FROM stage.first_seen AS s
WHERE NOT EXISTS (
  SELECT 1
  FROM user_number AS u
  JOIN user_profile AS p ON p.user_no = u.user_no
  WHERE u.user_id = s.user_id
)
LIMIT 1
