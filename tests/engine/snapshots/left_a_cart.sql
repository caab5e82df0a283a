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
    booking.user_no,
    COUNT(booking.booking_id) AS value_1
  FROM booking_now AS booking
  WHERE
    booking.carted_day <= 20779
    AND booking.carted_day BETWEEN 20690 AND 20779
    AND (
      (
        booking.carted_minute <= 29921940
        AND (
          booking.removed_minute IS NULL OR booking.removed_minute > 29921940
        )
        AND GREATEST(
          booking.carted_minute,
          CASE
            WHEN booking.checkout_minute <= 29921940
            THEN booking.checkout_minute
            ELSE booking.carted_minute
          END,
          CASE
            WHEN booking.payment_failed_minute <= 29921940
            THEN booking.payment_failed_minute
            ELSE booking.carted_minute
          END
        ) <= 29921880
        AND NOT EXISTS(
          SELECT
            1
          FROM booking_now AS answer
          WHERE
            answer.user_no = booking.user_no
            AND (
              answer.booked_day <= 20779
              AND (
                answer.cancelled_day IS NULL OR answer.cancelled_day > 20779
              )
            )
            AND answer.booked_minute >= booking.carted_minute
            AND (
              answer.product_id = booking.product_id
              OR (
                answer.place = booking.place
                AND answer.check_in_day <= booking.last_night_day
                AND booking.check_in_day <= answer.last_night_day
              )
            )
        )
      )
      AND 29921940 - GREATEST(
        booking.carted_minute,
        CASE
          WHEN booking.checkout_minute <= 29921940
          THEN booking.checkout_minute
          ELSE booking.carted_minute
        END,
        CASE
          WHEN booking.payment_failed_minute <= 29921940
          THEN booking.payment_failed_minute
          ELSE booking.carted_minute
        END
      ) BETWEEN 60 AND 4379
    )
  GROUP BY
    booking.user_no
), fact_2 AS (
  SELECT
    booking.user_no,
    SUM(
      booking.paid_krw - CASE WHEN booking.refunded_day <= 20779 THEN booking.refunded_krw ELSE 0 END
    ) AS value_1
  FROM booking_now AS booking
  WHERE
    booking.paid_day BETWEEN -25567 AND 20779
  GROUP BY
    booking.user_no
), known AS (
  SELECT
    everybody.user_no,
    COALESCE(fact_1.value_1, 0) AS value_1,
    COALESCE(fact_2.value_1, 0) AS value_2,
    CASE
      WHEN everybody.marketing_use_at <= CAST('2026-11-22 03:00:00' AS TIMESTAMP)
      THEN 1
      ELSE 0
    END + CASE
      WHEN everybody.marketing_use_at <= CAST('2026-11-22 03:00:00' AS TIMESTAMP)
      AND everybody.push_at <= CAST('2026-11-22 03:00:00' AS TIMESTAMP)
      AND everybody.push_night_at <= CAST('2026-11-22 03:00:00' AS TIMESTAMP)
      THEN 2
      ELSE 0
    END + CASE
      WHEN everybody.marketing_use_at <= CAST('2026-11-22 03:00:00' AS TIMESTAMP)
      AND everybody.email_at <= CAST('2026-11-22 03:00:00' AS TIMESTAMP)
      THEN 4
      ELSE 0
    END + CASE
      WHEN everybody.marketing_use_at <= CAST('2026-11-22 03:00:00' AS TIMESTAMP)
      AND everybody.sms_at <= CAST('2026-11-22 03:00:00' AS TIMESTAMP)
      AND everybody.sms_night_at <= CAST('2026-11-22 03:00:00' AS TIMESTAMP)
      THEN 8
      ELSE 0
    END + CASE
      WHEN everybody.marketing_use_at <= CAST('2026-11-22 03:00:00' AS TIMESTAMP)
      AND everybody.kakao_at <= CAST('2026-11-22 03:00:00' AS TIMESTAMP)
      AND everybody.kakao_night_at <= CAST('2026-11-22 03:00:00' AS TIMESTAMP)
      THEN 16
      ELSE 0
    END AS value_3
  FROM everybody
  LEFT JOIN fact_1
    ON fact_1.user_no = everybody.user_no
  LEFT JOIN fact_2
    ON fact_2.user_no = everybody.user_no
), share_1 AS (
  SELECT
    MIN(value_2) AS threshold
  FROM (
    SELECT
      value_2,
      ROW_NUMBER() OVER (ORDER BY value_2 DESC) AS place,
      COUNT(*) OVER () AS known
    FROM known
    WHERE
      value_2 > 0
  ) AS ranked
  WHERE
    100 * (
      place - 1
    ) < 10 * known
), answer AS (
  SELECT
    user_no,
    COALESCE(value_1 >= 1, FALSE) AS condition_1,
    COALESCE(value_2 > 0 AND value_2 >= (
      SELECT
        threshold
      FROM share_1
    ), FALSE) AS condition_2,
    NOT COALESCE((
      value_3 & 2
    ) <> 0, FALSE) AS condition_3
  FROM known
)
SELECT
  COUNT(*) AS base,
  COUNT(
    CASE
      WHEN CASE WHEN condition_1 THEN 1 ELSE 0 END + CASE WHEN condition_2 THEN 1 ELSE 0 END + CASE WHEN condition_3 THEN 1 ELSE 0 END >= 2
      THEN 1
    END
  ) AS node_1,
  COUNT(CASE WHEN condition_1 THEN 1 END) AS node_2,
  COUNT(CASE WHEN condition_2 THEN 1 END) AS node_3,
  COUNT(CASE WHEN condition_3 THEN 1 END) AS node_4,
  (
    SELECT
      threshold
    FROM share_1
  ) AS threshold_1
FROM answer
