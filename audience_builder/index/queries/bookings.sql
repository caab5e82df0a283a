-- Every version that is not deleted of the bookings of users $first to $last, in any order: `number` tells which. Moments are
-- microseconds since 1970, the greatest number where there is none; nights are known of $stay_lines.
SELECT
  rowid AS number,
  user_no AS "user",
  CASE WHEN product_id IS NULL THEN 0 ELSE greatest(1, hash(product_id)) END AS product,
  product_line,
  product_type,
  place,
  stay_mode,
  price_band,
  party_mask,
  theme_mask,
  coalesce(epoch_us(carted_at), 9223372036854775807) AS carted_at,
  coalesce(epoch_us(checkout_at), 9223372036854775807) AS checkout_at,
  coalesce(epoch_us(payment_failed_at), 9223372036854775807) AS payment_failed_at,
  coalesce(epoch_us(removed_at), 9223372036854775807) AS removed_at,
  coalesce(epoch_us(booked_at), 9223372036854775807) AS booked_at,
  coalesce(epoch_us(paid_at), 9223372036854775807) AS paid_at,
  coalesce(epoch_us(cancelled_at), 9223372036854775807) AS cancelled_at,
  coalesce(epoch_us(refunded_at), 9223372036854775807) AS refunded_at,
  CAST(check_in - DATE '1970-01-01' AS INTEGER) AS check_in,
  CAST(check_out - DATE '1970-01-01' AS INTEGER) AS check_out,
  CASE WHEN list_contains($stay_lines, product_line) THEN check_out - check_in END AS nights,
  CAST(no_show AS UTINYINT) AS no_show,
  paid_krw,
  refunded_krw
FROM booking
WHERE user_no BETWEEN CAST($first AS UINTEGER) AND CAST($last AS UINTEGER) AND NOT deleted
