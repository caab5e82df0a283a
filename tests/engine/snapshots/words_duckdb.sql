SELECT
  CAST(SUM(BIT_COUNT(index_1_sets_1_0)) AS BIGINT) AS number_1,
  CAST(SUM(BIT_COUNT(set_3)) AS BIGINT) AS number_2,
  CAST(SUM(BIT_COUNT(index_1_sets_2_1)) AS BIGINT) AS number_3,
  CAST(SUM(BIT_COUNT(set_2)) AS BIGINT) AS number_4,
  CAST(SUM(BIT_COUNT(set_7)) AS BIGINT) AS number_5,
  CAST(SUM(BIT_COUNT(index_1_sets_2_0)) AS BIGINT) AS number_6,
  CAST(SUM(BIT_COUNT(set_8)) AS BIGINT) AS number_7,
  CAST(SUM(BIT_COUNT(set_1)) AS BIGINT) AS number_8,
  CAST(SUM(BIT_COUNT(set_9)) AS BIGINT) AS number_9
FROM (
  SELECT
    set_7,
    set_3,
    index_1_sets_1_0,
    index_1_sets_2_1,
    set_2,
    set_8,
    index_1_sets_2_0,
    set_1,
    set_1 & (
      set_8 & set_7
    ) AS set_9
  FROM (
    SELECT
      set_3,
      index_1_sets_1_0,
      index_1_sets_2_1,
      set_2,
      set_8,
      index_1_sets_2_0,
      set_1,
      set_5 | (
        set_2 & set_4
      ) AS set_7
    FROM (
      SELECT
        set_3,
        index_1_sets_1_0,
        index_1_sets_2_1,
        set_2,
        set_8,
        index_1_sets_2_0,
        set_1,
        index_1_sets_2_1 | set_3 AS set_4,
        index_1_sets_2_1 & set_3 AS set_5
      FROM (
        SELECT
          index_1_sets_1_0,
          index_1_sets_2_1,
          index_1_sets_2_0,
          index_1_sets_1_0 & activity_region_0 AS set_3,
          index_1_sets_1_0 & (
            (
              born_on_12 | (
                born_on_11 & (
                  born_on_10 & (
                    born_on_9 & (
                      born_on_8 | (
                        born_on_7 | (
                          born_on_6 | (
                            born_on_5 & (
                              born_on_4 & (
                                born_on_3 & (
                                  born_on_2 & (
                                    born_on_1 | born_on_0
                                  )
                                )
                              )
                            )
                          )
                        )
                      )
                    )
                  )
                )
              )
            ) & (
              ~(
                born_on_12 & (
                  born_on_11 & (
                    born_on_10 & (
                      born_on_9 | (
                        born_on_8 | (
                          born_on_7 & (
                            born_on_6 | (
                              born_on_5 | (
                                born_on_4 | (
                                  born_on_3 | (
                                    born_on_2 | (
                                      born_on_1 | born_on_0
                                    )
                                  )
                                )
                              )
                            )
                          )
                        )
                      )
                    )
                  )
                )
              )
            )
          ) AS set_2,
          index_1_sets_1_0 & (
            ~index_1_sets_2_0
          ) AS set_8,
          index_1_sets_1_0 & (
            tier_2 | (
              tier_1 & tier_0
            )
          ) AS set_1
        FROM (
          SELECT
            activity_region_0,
            born_on_0,
            born_on_1,
            born_on_2,
            born_on_3,
            born_on_4,
            born_on_5,
            born_on_6,
            born_on_7,
            born_on_8,
            born_on_9,
            born_on_10,
            born_on_11,
            born_on_12,
            tier_0,
            tier_1,
            tier_2,
            index_1_sets_1_0,
            index_1_sets_2_1,
            index_1_sets_2_0
          FROM (
            SELECT
              activity_region_0,
              born_on_0,
              born_on_1,
              born_on_2,
              born_on_3,
              born_on_4,
              born_on_5,
              born_on_6,
              born_on_7,
              born_on_8,
              born_on_9,
              born_on_10,
              born_on_11,
              born_on_12,
              tier_0,
              tier_1,
              tier_2
            FROM index_1_words
          ) AS of_index_1_words
          POSITIONAL JOIN (
            SELECT
              index_1_sets_1_0
            FROM index_1_sets_1
          ) AS of_index_1_sets_1
          POSITIONAL JOIN (
            SELECT
              index_1_sets_2_1,
              index_1_sets_2_0
            FROM index_1_sets_2
          ) AS of_index_1_sets_2
        ) AS layer_1
      ) AS layer_2
    ) AS layer_3
  ) AS layer_4
) AS sheet
