UPDATE source_row SET user_no = w.user_no FROM wanted AS w
WHERE source_row.source = w.source AND source_row.key = w.key AND source_row.user_no IS NULL
