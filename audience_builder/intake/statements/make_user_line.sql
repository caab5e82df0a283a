-- Of several rows about one user and moment the last holds.
CREATE TABLE stage.line AS
SELECT * EXCLUDE (place_in_file)
FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY user_id, changed_at ORDER BY line DESC) AS place_in_file
  FROM stage.checked
  WHERE problem IS NULL
) AS told
WHERE place_in_file = 1
