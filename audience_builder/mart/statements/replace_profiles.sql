-- Of two versions that begin at the same moment the one that arrived later holds.
DELETE FROM user_profile AS old USING arrived_profile AS arrived
WHERE old.user_no = arrived.user_no AND old.valid_from = arrived.valid_from
