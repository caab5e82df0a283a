SELECT DISTINCT key FROM source_row WHERE source = $source AND key <> '' AND place < $place
