SELECT
  COUNT(*) FILTER (WHERE fresh),
  COUNT(*) FILTER (WHERE fresh AND used > 0),
  COALESCE(SUM(used) FILTER (WHERE fresh), 0)::BIGINT,
  COALESCE(SUM(used) FILTER (WHERE NOT fresh), 0)::BIGINT,
  COUNT(DISTINCT user_id)
FROM stage.made
