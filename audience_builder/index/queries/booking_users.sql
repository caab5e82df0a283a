-- How many booking rows each 1,024 user numbers have, versions and all.
SELECT user_no // 1024 AS part, count(*) AS rows
FROM booking
GROUP BY 1
ORDER BY 1
