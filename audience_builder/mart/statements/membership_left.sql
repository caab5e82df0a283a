CREATE OR REPLACE TEMPORARY TABLE left_now AS
SELECT s.audience_id, l.user_no, s."at", s.rule_version, c.cause, s.mart_version, o.rowid AS open_row
FROM moved AS l
JOIN moved_step AS s USING (step)
JOIN moved_cause AS c USING (code)
LEFT JOIN audience_membership AS o ON o.user_no = l.user_no AND o.audience_id = s.audience_id AND o.exited_at IS NULL
WHERE NOT l.is_in AND l.user_no NOT IN (SELECT user_no FROM erased_user WHERE user_no IS NOT NULL)
