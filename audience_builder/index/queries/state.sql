-- The mart's version, the day its traits speak of, and the size and bounds of what an index would hold at the moment $at.
WITH moments AS (
  SELECT valid_from AS moment FROM user_profile
  UNION ALL
  SELECT valid_to FROM user_profile WHERE valid_to IS NOT NULL
),
numbers AS (
  SELECT max(user_no) AS last FROM user_profile
  UNION ALL
  SELECT max(user_no) FROM behavior_daily
  UNION ALL
  SELECT max(user_no) FROM booking
)
SELECT
  (SELECT version FROM mart_state) AS version,
  (SELECT traits_day - DATE '1970-01-01' FROM mart_state) AS traits_day,
  (SELECT max(last) FROM numbers) AS last_user,
  (SELECT epoch_us(max(moment)) FROM moments WHERE moment <= $at) AS since,
  (SELECT epoch_us(min(moment)) FROM moments WHERE moment > $at) AS until
