-- Users with facts and no profile. They are few: their rows are looked for, and not everybody's gathered.
WITH
ids AS (
  SELECT booking_id
  FROM booking AS b
  WHERE NOT EXISTS (SELECT 1 FROM user_profile AS profile WHERE profile.user_no = b.user_no)
),
versions AS (
  SELECT user_no, deleted, ROW_NUMBER() OVER (PARTITION BY booking_id ORDER BY source_version DESC, rowid DESC) AS place
  FROM booking
  WHERE booking_id IN (SELECT booking_id FROM ids)
),
known AS (
  SELECT user_no
  FROM behavior_daily AS seen
  WHERE NOT EXISTS (SELECT 1 FROM user_profile AS profile WHERE profile.user_no = seen.user_no)
  UNION
  SELECT user_no FROM versions WHERE place = 1 AND NOT deleted
)
SELECT COUNT(*)
FROM known
WHERE NOT EXISTS (SELECT 1 FROM user_profile AS profile WHERE profile.user_no = known.user_no)
