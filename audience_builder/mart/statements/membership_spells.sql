SELECT entered_at, exited_at, cause, exited_cause, rule_version
FROM audience_membership WHERE audience_id = $audience AND user_no = $user
ORDER BY entered_at DESC, exited_at DESC NULLS FIRST LIMIT $most
