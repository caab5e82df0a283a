SELECT s.source, s.key, s.place, s.at, s.user_no, s.body
FROM source_row AS s
WHERE s.source IN ('users', 'consents') AND s.user_no IN (SELECT user_no FROM wanted)
ORDER BY s.user_no, s.at, s.place
