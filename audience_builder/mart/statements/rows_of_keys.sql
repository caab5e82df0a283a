SELECT s.source, s.key, s.place, s.at, s.user_no, s.body
FROM source_row AS s
WHERE EXISTS (SELECT 1 FROM wanted AS w WHERE w.source = s.source AND w.key = s.key)
ORDER BY s.source, s.key, s.place
