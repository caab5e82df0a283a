-- Which of the booking rows of the numbers in `alike` have a newer version among them; where a version came twice, the later row holds.
WITH versions AS (
  SELECT rowid AS number, booking_id, source_version
  FROM booking
  WHERE rowid IN (SELECT number FROM alike)
)
SELECT b.number
FROM versions AS b
WHERE EXISTS (
  SELECT 1
  FROM versions AS n
  WHERE n.booking_id = b.booking_id
    AND (n.source_version > b.source_version OR (n.source_version = b.source_version AND n.number > b.number))
)
