DELETE FROM stage.line AS l
USING stage.checked AS c
WHERE c.line = l.line AND c.problem IS NOT NULL
