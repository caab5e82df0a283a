-- The rows of the event kinds $kinds on the days $first to $last of users $first_user to $last_user, in any
-- order; a removed wish ($undone) lies on the day of the wish.
WITH dated AS (
  SELECT *, CASE WHEN kind = $undone THEN wished_on ELSE day END - DATE '1970-01-01' AS said_day
  FROM behavior_daily
  WHERE list_contains($kinds, kind)
)
SELECT
  user_no AS "user",
  said_day AS day,
  "count",
  product_line,
  product_type,
  place,
  price_band,
  device,
  stay_mode,
  check_in - DATE '1970-01-01' AS check_in,
  nights,
  party_mask,
  theme_mask,
  CAST(kind = $undone AS UTINYINT) AS removed,
  day - DATE '1970-01-01' AS done_day
FROM dated
WHERE said_day BETWEEN $first AND $last AND user_no BETWEEN $first_user AND $last_user
