-- How many rows of the event kinds $kinds lie on each day; a removed wish ($undone) lies on the day of the wish.
SELECT
  CASE WHEN kind = $undone THEN wished_on ELSE day END - DATE '1970-01-01' AS day,
  count(*) AS rows
FROM behavior_daily
WHERE list_contains($kinds, kind) AND (kind <> $undone OR wished_on IS NOT NULL)
GROUP BY 1
ORDER BY 1
