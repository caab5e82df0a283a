-- How regularly a user pays: mean days between distinct paid days, and how far the present gap is through that cycle.
-- A later cancellation does not undo that somebody came to pay, so every paid row counts.
-- Reads booking_rows as of $day.
WITH paid AS (
  SELECT user_no, COUNT(DISTINCT paid_on) AS days, MIN(paid_on) AS first_on, MAX(paid_on) AS last_on
  FROM booking_rows
  WHERE paid_on <= $day
  GROUP BY user_no
),
cycle AS (
  SELECT user_no, last_on, DATE_DIFF('day', first_on, last_on) // (days - 1) AS payment_cycle_days
  FROM paid
  WHERE days >= 2
)
SELECT
  user_no,
  payment_cycle_days,
  (10 * DATE_DIFF('day', last_on, $day)) // payment_cycle_days AS elapsed_tenths
FROM cycle
