CREATE TABLE stage.known AS
SELECT b.*, u.user_id
FROM booking AS b
JOIN (SELECT DISTINCT booking_id FROM stage.checked WHERE problem IS NULL) AS asked ON asked.booking_id = b.booking_id
JOIN user_number AS u ON u.user_no = b.user_no
QUALIFY ROW_NUMBER() OVER (PARTITION BY b.booking_id ORDER BY b.source_version DESC, b.rowid DESC) = 1
