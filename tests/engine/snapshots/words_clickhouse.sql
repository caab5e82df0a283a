SELECT
  CAST(SUM(bitCount(index_1_sets_1_0)) AS Int64) AS number_1,
  CAST(SUM(bitCount(set_3)) AS Int64) AS number_2,
  CAST(SUM(bitCount(index_1_sets_2_1)) AS Int64) AS number_3,
  CAST(SUM(bitCount(set_2)) AS Int64) AS number_4,
  CAST(SUM(bitCount(set_7)) AS Int64) AS number_5,
  CAST(SUM(bitCount(index_1_sets_2_0)) AS Int64) AS number_6,
  CAST(SUM(bitCount(set_8)) AS Int64) AS number_7,
  CAST(SUM(bitCount(set_1)) AS Int64) AS number_8,
  CAST(SUM(bitCount(set_9)) AS Int64) AS number_9
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
    bitAnd(set_1, (
      bitAnd(set_8, set_7)
    )) AS set_9
  FROM (
    SELECT
      set_3,
      index_1_sets_1_0,
      index_1_sets_2_1,
      set_2,
      set_8,
      index_1_sets_2_0,
      set_1,
      bitOr(set_5, (
        bitAnd(set_2, set_4)
      )) AS set_7
    FROM (
      SELECT
        set_3,
        index_1_sets_1_0,
        index_1_sets_2_1,
        set_2,
        set_8,
        index_1_sets_2_0,
        set_1,
        bitOr(index_1_sets_2_1, set_3) AS set_4,
        bitAnd(index_1_sets_2_1, set_3) AS set_5
      FROM (
        SELECT
          index_1_sets_1_0,
          index_1_sets_2_1,
          index_1_sets_2_0,
          bitAnd(index_1_sets_1_0, activity_region_0) AS set_3,
          bitAnd(
            index_1_sets_1_0,
            (
              bitAnd(
                (
                  bitOr(
                    born_on_12,
                    (
                      bitAnd(
                        born_on_11,
                        (
                          bitAnd(
                            born_on_10,
                            (
                              bitAnd(
                                born_on_9,
                                (
                                  bitOr(
                                    born_on_8,
                                    (
                                      bitOr(
                                        born_on_7,
                                        (
                                          bitOr(
                                            born_on_6,
                                            (
                                              bitAnd(
                                                born_on_5,
                                                (
                                                  bitAnd(
                                                    born_on_4,
                                                    (
                                                      bitAnd(born_on_3, (
                                                        bitAnd(born_on_2, (
                                                          bitOr(born_on_1, born_on_0)
                                                        ))
                                                      ))
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
                          )
                        )
                      )
                    )
                  )
                ),
                (
                  bitNot(
                    (
                      bitAnd(
                        born_on_12,
                        (
                          bitAnd(
                            born_on_11,
                            (
                              bitAnd(
                                born_on_10,
                                (
                                  bitOr(
                                    born_on_9,
                                    (
                                      bitOr(
                                        born_on_8,
                                        (
                                          bitAnd(
                                            born_on_7,
                                            (
                                              bitOr(
                                                born_on_6,
                                                (
                                                  bitOr(
                                                    born_on_5,
                                                    (
                                                      bitOr(
                                                        born_on_4,
                                                        (
                                                          bitOr(born_on_3, (
                                                            bitOr(born_on_2, (
                                                              bitOr(born_on_1, born_on_0)
                                                            ))
                                                          ))
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
          bitAnd(index_1_sets_1_0, (
            bitNot(index_1_sets_2_0)
          )) AS set_8,
          bitAnd(index_1_sets_1_0, (
            bitOr(tier_2, (
              bitAnd(tier_1, tier_0)
            ))
          )) AS set_1
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
            ORDER BY
              word
          ) AS of_index_1_words
          PASTE JOIN (
            SELECT
              index_1_sets_1_0
            FROM index_1_sets_1
            ORDER BY
              word
          ) AS of_index_1_sets_1
          PASTE JOIN (
            SELECT
              index_1_sets_2_1,
              index_1_sets_2_0
            FROM index_1_sets_2
            ORDER BY
              word
          ) AS of_index_1_sets_2
        ) AS layer_1
      ) AS layer_2
    ) AS layer_3
  ) AS layer_4
) AS sheet
