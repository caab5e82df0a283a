-- The behaviour rows of users $first to $last, in any order; a removed wish ($undone) lies on the day of the wish.
SELECT
  user_no AS "user",
  kind,
  CAST(CASE WHEN kind = $undone THEN wished_on ELSE day END - DATE '1970-01-01' AS INTEGER) AS day,
  "count",
  product_line,
  product_type,
  place,
  price_band,
  device,
  stay_mode,
  CAST(check_in - DATE '1970-01-01' AS INTEGER) AS check_in,
  nights,
  party_mask,
  theme_mask,
  CAST(kind = $undone AS UTINYINT) AS removed,
  CAST(day - DATE '1970-01-01' AS INTEGER) AS done_day
FROM behavior_daily
WHERE user_no BETWEEN CAST($first AS UINTEGER) AND CAST($last AS UINTEGER) AND (kind <> $undone OR wished_on IS NOT NULL)
