INSERT INTO stream_place (topic, part, next, received, applied, duplicate, late, dead, applied_at)
VALUES ($topic, $part, $next, $received, $applied, $duplicate, $late, $dead, $at)
ON CONFLICT (topic, part) DO UPDATE SET
  next = $next, received = $received, applied = $applied, duplicate = $duplicate, late = $late, dead = $dead, applied_at = $at
