-- The booking rows of which there is a newer version; where a version came twice, the later row holds. Hashes find the few ids
-- that may have several versions, the ids themselves decide.
WITH twice AS (
  SELECT hash(booking_id) AS id_hash FROM booking GROUP BY 1 HAVING count(*) > 1
),
versions AS (
  SELECT rowid AS number, booking_id, source_version
  FROM booking SEMI JOIN twice ON hash(booking_id) = id_hash
)
SELECT b.number
FROM versions AS b
WHERE EXISTS (
  SELECT 1
  FROM versions AS n
  WHERE n.booking_id = b.booking_id
    AND (n.source_version > b.source_version OR (n.source_version = b.source_version AND n.number > b.number))
)
