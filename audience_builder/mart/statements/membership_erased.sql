INSERT INTO audience_movement (audience_id, hour, cause, entered, exited)
SELECT audience_id, DATE_TRUNC('hour', $at::TIMESTAMP), 'erasure', 0, 1
FROM (SELECT UNNEST($of) AS audience_id UNION SELECT audience_id FROM audience_membership WHERE user_no = $user AND exited_at IS NULL)
ON CONFLICT (audience_id, hour, cause) DO UPDATE SET exited = exited + 1
