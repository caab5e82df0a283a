-- The traits of users $first to $last as of the day the mart keeps them for.
SELECT
  user_no AS "user",
  payment_cycle_days,
  elapsed_tenths,
  lead_time_days,
  preferred_nights,
  intent_weak,
  intent_clear,
  intent_imminent,
  CAST(visited AS UTINYINT) AS visited
FROM user_trait
WHERE user_no BETWEEN CAST($first AS UINTEGER) AND CAST($last AS UINTEGER)
