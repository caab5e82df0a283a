-- The rows of booking of which there is a newer version; where a version came twice, the later row holds. Hashes find the few
-- ids that may have several versions, the ids themselves decide.
WITH twice AS (
  SELECT HASH(booking_id) AS id_hash FROM booking GROUP BY 1 HAVING COUNT(*) > 1
),
versions AS (
  SELECT rowid AS number, booking_id, source_version
  FROM booking
  SEMI JOIN twice ON HASH(booking_id) = id_hash
)
SELECT old.number
FROM versions AS old
WHERE EXISTS (
  SELECT 1
  FROM versions AS new
  WHERE new.booking_id = old.booking_id
    AND (new.source_version > old.source_version OR (new.source_version = old.source_version AND new.number > old.number))
)
