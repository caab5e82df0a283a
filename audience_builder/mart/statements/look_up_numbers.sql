SELECT
  CASE
    WHEN gone.user_no IS NOT NULL THEN $erased
    WHEN known.user_no IS NOT NULL THEN known.user_no
    ELSE $unseen
  END AS user_no
FROM seen_id
LEFT JOIN user_number AS known ON known.user_id = seen_id.user_id
LEFT JOIN erased_user AS gone ON gone.user_no = known.user_no
ORDER BY seen_id.position
