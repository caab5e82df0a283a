-- How clearly a user means to travel abroad, country by country: three masks with one bit a country.
-- imminent is within clear and clear within weak, so that the level of a user is the highest mask that meets the countries asked.
-- Reads booking_rows, behavior_rows and place_country as of $day. $search and $view are event kinds.
WITH evidence AS (
  SELECT seen.user_no, place_country.country_mask, seen.kind, seen.day, seen.check_in, seen.count AS events
  FROM behavior_rows AS seen
  JOIN place_country ON place_country.place = seen.place
  WHERE seen.kind IN ($search, $view) AND seen.day BETWEEN $day - 89 AND $day
  UNION ALL
  SELECT cart.user_no, place_country.country_mask, 0 AS kind, cart.carted_on AS day, cart.check_in, 1 AS events
  FROM booking_rows AS cart
  JOIN place_country ON place_country.place = cart.place
  WHERE cart.carted_on BETWEEN $day - 6 AND $day
),
booked AS (
  SELECT
    trip.user_no,
    place_country.country_mask,
    trip.booked_on,
    trip.check_in,
    COALESCE(trip.check_out, trip.check_in) AS check_out
  FROM booking_rows AS trip
  JOIN place_country ON place_country.place = trip.place
  -- Evidence is at most 90 days old, so no earlier booking can answer it.
  WHERE trip.booked_on BETWEEN $day - 89 AND $day
    AND (trip.cancelled_on IS NULL OR trip.cancelled_on > $day)
),
-- Who has since booked that country for those dates no longer means to: that evidence is answered.
pending AS (
  SELECT evidence.user_no, evidence.country_mask, evidence.kind, evidence.day, evidence.check_in, evidence.events
  FROM evidence
  WHERE NOT EXISTS (
    SELECT 1
    FROM booked
    WHERE booked.user_no = evidence.user_no
      AND booked.country_mask = evidence.country_mask
      AND booked.booked_on >= evidence.day
      AND (evidence.check_in IS NULL OR evidence.check_in BETWEEN booked.check_in AND booked.check_out)
  )
),
-- A cart is kind 0. What is older than 30 days says at most "weak".
total AS (
  SELECT
    user_no,
    country_mask,
    SUM(CASE WHEN kind = 0 THEN 1 ELSE 0 END) AS carts,
    SUM(CASE WHEN kind = $search AND day >= $day - 13 AND check_in BETWEEN $day AND $day + 45 THEN events ELSE 0 END) AS near_searches,
    SUM(CASE WHEN kind = $search AND day >= $day - 29 AND check_in BETWEEN $day AND $day + 120 THEN events ELSE 0 END) AS dated_searches,
    SUM(CASE WHEN kind <> 0 AND day >= $day - 29 THEN events ELSE 0 END) AS looks,
    COUNT(DISTINCT CASE WHEN kind <> 0 AND day >= $day - 29 THEN day END) AS days_looked
  FROM pending
  GROUP BY user_no, country_mask
),
graded AS (
  SELECT
    user_no,
    country_mask,
    carts >= 1 OR near_searches >= 2 AS is_imminent,
    dated_searches >= 1 OR (looks >= 3 AND days_looked >= 2) AS is_clear
  FROM total
)
SELECT
  user_no,
  BIT_OR(country_mask) AS intent_weak,
  BIT_OR(CASE WHEN is_clear OR is_imminent THEN country_mask END) AS intent_clear,
  BIT_OR(CASE WHEN is_imminent THEN country_mask END) AS intent_imminent
FROM graded
GROUP BY user_no
