INSERT INTO audience_movement (audience_id, hour, cause, entered, exited)
SELECT s.audience_id, DATE_TRUNC('hour', s."at"), c.cause, COUNT(*) FILTER (WHERE m.is_in), COUNT(*) FILTER (WHERE NOT m.is_in)
FROM moved AS m JOIN moved_step AS s USING (step) JOIN moved_cause AS c USING (code)
WHERE m.user_no NOT IN (SELECT user_no FROM erased_user WHERE user_no IS NOT NULL)
GROUP BY ALL
ON CONFLICT (audience_id, hour, cause) DO UPDATE SET entered = entered + EXCLUDED.entered, exited = exited + EXCLUDED.exited
