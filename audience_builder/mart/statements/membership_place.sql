INSERT INTO audience_place (audience_id, rule_version, mart_version, as_of, size)
SELECT audience_id, rule_version, mart_version, "at", size FROM moved_step
ON CONFLICT (audience_id) DO UPDATE SET
  rule_version = EXCLUDED.rule_version, mart_version = EXCLUDED.mart_version, as_of = EXCLUDED.as_of, size = EXCLUDED.size
