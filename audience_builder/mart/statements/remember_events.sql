INSERT INTO seen_event (hour, id_tag) SELECT hour, id_tag FROM new_event
