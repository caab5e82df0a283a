-- Every booking of users $first to $last as it stands now, in any order. Within a user, rows are numbered by
-- booked moment and id (`nth`) and products by their id.
SELECT
  user_no AS "user",
  product_line,
  product_type,
  place,
  stay_mode,
  price_band,
  party_mask,
  theme_mask,
  carted_day,
  checkout_day,
  payment_failed_day,
  booked_day,
  paid_day,
  cancelled_day,
  refunded_day,
  carted_minute,
  checkout_minute,
  payment_failed_minute,
  removed_minute,
  booked_minute,
  check_in_day AS check_in,
  check_out_day AS check_out,
  last_night_day AS last_night,
  nights,
  CAST(no_show AS UTINYINT) AS no_show,
  paid_krw,
  refunded_krw,
  CASE WHEN product_id IS NULL THEN 0 ELSE dense_rank() OVER (PARTITION BY user_no ORDER BY product_id) END AS product,
  row_number() OVER (PARTITION BY user_no ORDER BY booked_at NULLS LAST, booking_id) AS nth
FROM booking_now
WHERE user_no BETWEEN $first AND $last
