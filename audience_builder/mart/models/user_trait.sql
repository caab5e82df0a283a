-- One row for each user of whom any model says something. Reads the other models by their names.
WITH known AS (
  SELECT user_no FROM payment_cycle
  UNION
  SELECT user_no FROM lead_time
  UNION
  SELECT user_no FROM preferred_nights
  UNION
  SELECT user_no FROM overseas_intent
  UNION
  SELECT user_no FROM visited
)
SELECT
  known.user_no,
  $day AS as_of_day,
  payment_cycle.payment_cycle_days,
  payment_cycle.elapsed_tenths,
  lead_time.lead_time_days,
  preferred_nights.preferred_nights,
  -- Intent without a visit is unknown; with a visit and no evidence it is none, an empty mask.
  CASE WHEN visited.visited THEN COALESCE(overseas_intent.intent_weak, 0) END AS intent_weak,
  CASE WHEN visited.visited THEN COALESCE(overseas_intent.intent_clear, 0) END AS intent_clear,
  CASE WHEN visited.visited THEN COALESCE(overseas_intent.intent_imminent, 0) END AS intent_imminent,
  COALESCE(visited.visited, FALSE) AS visited
FROM known
LEFT JOIN payment_cycle ON payment_cycle.user_no = known.user_no
LEFT JOIN lead_time ON lead_time.user_no = known.user_no
LEFT JOIN preferred_nights ON preferred_nights.user_no = known.user_no
LEFT JOIN overseas_intent ON overseas_intent.user_no = known.user_no
LEFT JOIN visited ON visited.user_no = known.user_no
