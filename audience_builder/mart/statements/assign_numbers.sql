-- Ids never seen get the next numbers, in the order in which they first appear.
INSERT INTO user_number (user_id, user_no)
SELECT user_id, (SELECT COALESCE(MAX(user_no) + 1, 0) FROM user_number) + ROW_NUMBER() OVER (ORDER BY first_seen) - 1
FROM (SELECT user_id, MIN(position) AS first_seen FROM seen_id GROUP BY user_id) AS seen
WHERE NOT EXISTS (SELECT 1 FROM user_number AS known WHERE known.user_id = seen.user_id)
