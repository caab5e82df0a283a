CREATE OR REPLACE TEMPORARY TABLE new_event AS
SELECT MIN(told.position) AS position, ARG_MIN(told.hour, told.position) AS hour, told.id_tag
FROM (SELECT position, hour, MD5_NUMBER(id) AS id_tag FROM told_event) AS told
WHERE NOT EXISTS (SELECT 1 FROM seen_event AS s WHERE s.id_tag = told.id_tag)
GROUP BY told.id_tag
