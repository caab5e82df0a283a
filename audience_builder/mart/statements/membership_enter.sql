INSERT INTO audience_membership (audience_id, user_no, entered_at, rule_version, cause, mart_version)
SELECT s.audience_id, m.user_no, s."at", s.rule_version, c.cause, s.mart_version
FROM moved AS m JOIN moved_step AS s USING (step) JOIN moved_cause AS c USING (code)
WHERE m.is_in AND m.user_no NOT IN (SELECT user_no FROM erased_user WHERE user_no IS NOT NULL)
