SELECT hour, cause, entered, exited FROM audience_movement WHERE audience_id = $audience AND hour >= $since AND hour < $until ORDER BY hour, cause
