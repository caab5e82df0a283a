-- An event that names itself counts once, however often the file has it.
CREATE TABLE stage.line AS
SELECT * EXCLUDE (place_in_file)
FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY event_id, user_id ORDER BY line) AS place_in_file
  FROM stage.checked
  WHERE problem IS NULL AND event_id IS NOT NULL
) AS named
WHERE place_in_file = 1
UNION ALL BY NAME
SELECT * FROM stage.checked WHERE problem IS NULL AND event_id IS NULL
