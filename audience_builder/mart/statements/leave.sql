UPDATE audience_membership SET exited_at = $at
WHERE audience_id = $audience_id AND exited_at IS NULL AND user_no IN (SELECT user_no FROM incoming)
