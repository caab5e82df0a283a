SELECT user_no FROM audience_membership WHERE audience_id = $audience AND entered_at <= $at AND (exited_at IS NULL OR exited_at > $at)
