-- Every version that is not deleted of the bookings of users $first to $last, in any order: `number` tells which. Days are
-- those in Korea, minutes count from 1970 in UTC; nights are known of $stay_lines.
SELECT
  rowid AS number,
  user_no AS "user",
  coalesce(epoch_us(booked_at), 9223372036854775807) AS moment,
  CASE WHEN product_id IS NULL THEN 0 ELSE greatest(1, hash(product_id)) END AS product,
  product_line,
  product_type,
  place,
  stay_mode,
  price_band,
  party_mask,
  theme_mask,
  CAST(CAST(carted_at + INTERVAL 9 HOUR AS DATE) - DATE '1970-01-01' AS INTEGER) AS carted_day,
  CAST(CAST(checkout_at + INTERVAL 9 HOUR AS DATE) - DATE '1970-01-01' AS INTEGER) AS checkout_day,
  CAST(CAST(payment_failed_at + INTERVAL 9 HOUR AS DATE) - DATE '1970-01-01' AS INTEGER) AS payment_failed_day,
  CAST(CAST(booked_at + INTERVAL 9 HOUR AS DATE) - DATE '1970-01-01' AS INTEGER) AS booked_day,
  CAST(CAST(paid_at + INTERVAL 9 HOUR AS DATE) - DATE '1970-01-01' AS INTEGER) AS paid_day,
  CAST(CAST(cancelled_at + INTERVAL 9 HOUR AS DATE) - DATE '1970-01-01' AS INTEGER) AS cancelled_day,
  CAST(CAST(refunded_at + INTERVAL 9 HOUR AS DATE) - DATE '1970-01-01' AS INTEGER) AS refunded_day,
  epoch_us(carted_at) // 60000000 AS carted_minute,
  epoch_us(checkout_at) // 60000000 AS checkout_minute,
  epoch_us(payment_failed_at) // 60000000 AS payment_failed_minute,
  epoch_us(removed_at) // 60000000 AS removed_minute,
  epoch_us(booked_at) // 60000000 AS booked_minute,
  CAST(check_in - DATE '1970-01-01' AS INTEGER) AS check_in,
  CAST(check_out - DATE '1970-01-01' AS INTEGER) AS check_out,
  CASE WHEN list_contains($stay_lines, product_line) THEN check_out - check_in END AS nights,
  CAST(no_show AS UTINYINT) AS no_show,
  paid_krw,
  refunded_krw
FROM booking
WHERE user_no BETWEEN CAST($first AS UINTEGER) AND CAST($last AS UINTEGER) AND NOT deleted
