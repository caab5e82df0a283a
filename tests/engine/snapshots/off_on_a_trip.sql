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
    CASE
      WHEN MAX(CASE WHEN booking.product_line IN (2) THEN 1 ELSE 0 END) = 1
      AND MAX(CASE WHEN booking.product_line IN (0, 1) THEN 1 ELSE 0 END) = 0
      THEN COUNT(booking.booking_id)
      ELSE 0
    END AS value_1
  FROM booking_now AS booking
  WHERE
    (
      booking.booked_day <= 20779
      AND (
        booking.cancelled_day IS NULL OR booking.cancelled_day > 20779
      )
    )
    AND booking.check_in_day BETWEEN 20779 AND 20809
  GROUP BY
    booking.user_no
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
    AND booking.booked_day BETWEEN -25567 AND 20779
    AND (
      booking.nights >= 1
      AND EXISTS(
        SELECT
          1
        FROM calendar AS before
        CROSS JOIN calendar AS upto
        WHERE
          before.day = booking.check_in
          AND upto.day = booking.check_out
          AND upto.weekend > before.weekend
      )
    )
    AND booking.booking_id IN (
      SELECT
        booking_id
      FROM (
        SELECT
          booking.booking_id,
          ROW_NUMBER() OVER (
            PARTITION BY booking.user_no
            ORDER BY booking.booked_at DESC, booking.booking_id DESC
          ) AS place
        FROM booking_now AS booking
        WHERE
          booking.booked_day <= 20779
          AND (
            booking.cancelled_day IS NULL OR booking.cancelled_day > 20779
          )
      ) AS ranked
      WHERE
        place = 1
    )
  GROUP BY
    booking.user_no
), known AS (
  SELECT
    everybody.user_no,
    COALESCE(fact_1.value_1, 0) AS value_1,
    CASE
      WHEN trait.visited
      THEN CASE
        WHEN (
          trait.intent_imminent & 1
        ) <> 0
        THEN 3
        ELSE CASE
          WHEN (
            trait.intent_clear & 1
          ) <> 0
          THEN 2
          ELSE CASE WHEN (
            trait.intent_weak & 1
          ) <> 0 THEN 1 ELSE 0 END
        END
      END
    END AS value_2,
    COALESCE(fact_2.value_1, 0) AS value_3
  FROM everybody
  LEFT JOIN fact_1
    ON fact_1.user_no = everybody.user_no
  LEFT JOIN fact_2
    ON fact_2.user_no = everybody.user_no
  LEFT JOIN user_trait_at AS trait
    ON trait.user_no = everybody.user_no
), answer AS (
  SELECT
    user_no,
    COALESCE(value_1 >= 1, FALSE) AS condition_1,
    COALESCE(value_2 >= 2, FALSE) AS condition_2,
    COALESCE(value_3 >= 1, FALSE) AS condition_3
  FROM known
)
SELECT
  COUNT(*) AS base,
  COUNT(CASE WHEN condition_1 OR condition_2 OR NOT condition_3 THEN 1 END) AS node_1,
  COUNT(CASE WHEN condition_1 THEN 1 END) AS node_2,
  COUNT(CASE WHEN condition_2 THEN 1 END) AS node_3,
  COUNT(CASE WHEN NOT condition_3 THEN 1 END) AS node_4,
  COUNT(CASE WHEN condition_3 THEN 1 END) AS node_5
FROM answer
