UPDATE stage.checked AS c SET problem = $mark
FROM (
  SELECT booking_id
  FROM stage.line
  GROUP BY booking_id
  HAVING SUM(paid) >= $most OR SUM(refund) >= $most
) AS big
WHERE c.booking_id = big.booking_id AND c.problem IS NULL
