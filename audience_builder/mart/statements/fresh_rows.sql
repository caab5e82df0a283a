SELECT MIN(told.position) AS position
FROM told_row AS told
WHERE NOT EXISTS (
  SELECT 1 FROM source_row AS s WHERE s.source = told.source AND s.key = told.key AND s.place = told.place
)
GROUP BY told.source, told.key, told.place
