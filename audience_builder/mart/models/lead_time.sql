-- How long before check-in a user books: the lower median over confirmed stays of at least a night.
-- Reads booking_rows as of $day.
WITH lead AS (
  SELECT user_no, DATE_DIFF('day', booked_on, check_in) AS days
  FROM booking_rows
  WHERE booked_on <= $day
    AND (cancelled_on IS NULL OR cancelled_on > $day)
    AND nights >= 1
),
ranked AS (
  SELECT
    user_no,
    days,
    ROW_NUMBER() OVER (PARTITION BY user_no ORDER BY days) AS place_in_order,
    COUNT(*) OVER (PARTITION BY user_no) AS stays
  FROM lead
)
-- Twice the place of the lower median is the number of stays, or one more where that is odd.
SELECT user_no, days AS lead_time_days
FROM ranked
WHERE 2 * place_in_order BETWEEN stays AND stays + 1
