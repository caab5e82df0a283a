INSERT INTO audience_membership (audience_id, user_no, entered_at, exited_at, rule_version, cause, mart_version, exited_cause)
SELECT l.audience_id, l.user_no, b.began_at, l."at", l.rule_version, 'baseline', l.mart_version, l.cause
FROM left_now AS l JOIN audience_baseline AS b USING (audience_id)
WHERE l.open_row IS NULL
