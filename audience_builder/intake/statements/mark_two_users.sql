-- The first row of a booking says whose it is.
UPDATE stage.checked AS c SET problem = $mark
FROM (
  SELECT booking_id, ARG_MIN(user_id, line) AS owner
  FROM stage.checked
  WHERE problem IS NULL
  GROUP BY booking_id
) AS f
WHERE c.booking_id = f.booking_id AND c.problem IS NULL AND c.user_id <> f.owner
