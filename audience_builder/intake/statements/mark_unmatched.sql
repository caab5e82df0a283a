UPDATE stage.checked AS c SET problem = $mark
WHERE c.cancels AND c.problem IS NULL
  AND NOT EXISTS (SELECT 1 FROM stage.checked AS o WHERE o.booking_id = c.booking_id AND o.problem IS NULL AND NOT o.cancels)
  AND NOT EXISTS (SELECT 1 FROM stage.known AS k WHERE k.booking_id = c.booking_id AND k.user_id = c.user_id AND NOT k.deleted)
