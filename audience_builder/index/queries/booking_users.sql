-- How many booking rows each part of $part user numbers has, versions and all.
SELECT user_no // $part AS part, count(*) AS rows
FROM booking
GROUP BY 1
ORDER BY 1
