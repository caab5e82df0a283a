-- How many behaviour rows each part of $part user numbers has.
SELECT user_no // $part AS part, count(*) AS rows
FROM behavior_daily
GROUP BY 1
ORDER BY 1
