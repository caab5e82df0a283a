-- Who ever visited. Of everybody else overseas intent is unknown, not "none".
-- Reads behavior_rows as of $day. $session is an event kind.
SELECT user_no, TRUE AS visited
FROM behavior_rows
WHERE kind = $session AND day <= $day
GROUP BY user_no
