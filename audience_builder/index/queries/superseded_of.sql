-- Which booking rows have a newer version, of the bookings of which one of $users has a version; where a version came twice, the later
-- row holds.
WITH versions AS (
  SELECT rowid AS number, booking_id, source_version
  FROM booking
  WHERE booking_id IN (SELECT booking_id FROM booking WHERE user_no IN (SELECT unnest($users)))
)
SELECT b.number
FROM versions AS b
WHERE EXISTS (
  SELECT 1
  FROM versions AS n
  WHERE n.booking_id = b.booking_id
    AND (n.source_version > b.source_version OR (n.source_version = b.source_version AND n.number > b.number))
)
