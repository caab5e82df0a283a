SELECT topic, part, place, line, reason, body, at, replayed_at
FROM dead_entry
WHERE (NOT $waiting OR (replayed_at IS NULL AND body <> '')) AND ($reason = '' OR reason = $reason)
ORDER BY at DESC, topic, part, place DESC, line DESC
LIMIT $limit
