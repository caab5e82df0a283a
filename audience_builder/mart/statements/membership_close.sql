UPDATE audience_membership SET exited_at = l."at", exited_cause = l.cause, mart_version = l.mart_version
FROM left_now AS l
WHERE audience_membership.rowid = l.open_row
