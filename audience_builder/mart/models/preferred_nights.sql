-- On which kinds of night a user stays: those with at least a third of the confirmed nights of the last 365 days.
-- A night may be of several kinds (Friday, weekend, holiday eve), so shares may add up to more than one.
-- Reads booking_rows and calendar as of $day. Each bit is the kind's place among the columns of calendar.
WITH stay AS (
  SELECT
    user_no,
    CASE WHEN check_in < $day - 364 THEN $day - 364 ELSE check_in END AS from_day,
    CASE WHEN check_out > $day + 1 THEN $day + 1 ELSE check_out END AS until_day
  FROM booking_rows
  WHERE booked_on <= $day
    AND (cancelled_on IS NULL OR cancelled_on > $day)
    AND nights >= 1
    AND check_in <= $day
    AND check_out > $day - 364
),
-- calendar knows the nights before each day, so the nights of a stay are one difference, however long it is.
total AS (
  SELECT
    stay.user_no,
    SUM(DATE_DIFF('day', stay.from_day, stay.until_day)) AS nights,
    SUM(upto.mon - before.mon) AS mon,
    SUM(upto.tue - before.tue) AS tue,
    SUM(upto.wed - before.wed) AS wed,
    SUM(upto.thu - before.thu) AS thu,
    SUM(upto.fri - before.fri) AS fri,
    SUM(upto.sat - before.sat) AS sat,
    SUM(upto.sun - before.sun) AS sun,
    SUM(upto.weekday - before.weekday) AS weekday,
    SUM(upto.weekend - before.weekend) AS weekend,
    SUM(upto.holiday_eve - before.holiday_eve) AS holiday_eve
  FROM stay
  JOIN calendar AS before ON before.day = stay.from_day
  JOIN calendar AS upto ON upto.day = stay.until_day
  GROUP BY stay.user_no
)
SELECT
  user_no,
  CASE WHEN 3 * mon >= nights THEN 1 ELSE 0 END
  + CASE WHEN 3 * tue >= nights THEN 2 ELSE 0 END
  + CASE WHEN 3 * wed >= nights THEN 4 ELSE 0 END
  + CASE WHEN 3 * thu >= nights THEN 8 ELSE 0 END
  + CASE WHEN 3 * fri >= nights THEN 16 ELSE 0 END
  + CASE WHEN 3 * sat >= nights THEN 32 ELSE 0 END
  + CASE WHEN 3 * sun >= nights THEN 64 ELSE 0 END
  + CASE WHEN 3 * weekday >= nights THEN 128 ELSE 0 END
  + CASE WHEN 3 * weekend >= nights THEN 256 ELSE 0 END
  + CASE WHEN 3 * holiday_eve >= nights THEN 512 ELSE 0 END AS preferred_nights
FROM total
