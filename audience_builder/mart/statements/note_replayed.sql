UPDATE dead_entry SET replayed_at = $at
FROM replayed AS r
WHERE dead_entry.topic = r.topic AND dead_entry.part = r.part AND dead_entry.place = r.place AND dead_entry.line = r.line
