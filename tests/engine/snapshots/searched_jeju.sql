WITH everybody AS (
  SELECT
    *
  FROM user_profile
  WHERE
    valid_from <= CAST('2026-11-22 03:00:00' AS TIMESTAMP)
    AND (
      valid_to IS NULL OR valid_to > CAST('2026-11-22 03:00:00' AS TIMESTAMP)
    )
    AND status <= 9
    AND CAST(signed_up_at + INTERVAL 9 HOUR AS DATE) <= CAST('2026-11-22' AS DATE)
), fact_1 AS (
  SELECT
    behavior.user_no,
    SUM(behavior."count") AS value_1
  FROM behavior_daily AS behavior
  WHERE
    behavior.kind IN (2)
    AND behavior.day BETWEEN CAST('2026-11-09' AS DATE) AND CAST('2026-11-22' AS DATE)
    AND behavior.place IN (27, 328, 329, 404, 405, 406, 407, 408)
  GROUP BY
    behavior.user_no
), fact_2 AS (
  SELECT
    booking.user_no,
    COUNT(booking.booking_id) AS value_1
  FROM booking_now AS booking
  WHERE
    (
      booking.booked_day <= 20779
      AND (
        booking.cancelled_day IS NULL OR booking.cancelled_day > 20779
      )
    )
    AND booking.booked_day BETWEEN 20766 AND 20779
  GROUP BY
    booking.user_no
), known AS (
  SELECT
    everybody.user_no,
    COALESCE(fact_1.value_1, 0) AS value_1,
    COALESCE(fact_2.value_1, 0) AS value_2,
    everybody.tier AS value_3
  FROM everybody
  LEFT JOIN fact_1
    ON fact_1.user_no = everybody.user_no
  LEFT JOIN fact_2
    ON fact_2.user_no = everybody.user_no
), answer AS (
  SELECT
    user_no,
    COALESCE(value_1 >= 2, FALSE) AS condition_1,
    COALESCE(value_2 = 0, FALSE) AS condition_2,
    COALESCE(value_3 >= 3, FALSE) AS condition_3
  FROM known
)
SELECT
  COUNT(*) AS base,
  COUNT(CASE WHEN condition_1 AND condition_2 AND condition_3 THEN 1 END) AS node_1,
  COUNT(CASE WHEN condition_1 THEN 1 END) AS node_2,
  COUNT(CASE WHEN condition_2 THEN 1 END) AS node_3,
  COUNT(CASE WHEN condition_3 THEN 1 END) AS node_4
FROM answer
