/**
 * FROM items that add `r.receiver` to oracle requests `o`: to whom the model's revenue went at
 * the request, by the newest change of its terms before it, else by its terms as they were when
 * indexing came to it. Null where neither is known.
 */
export const MODEL_RECEIVER = `LEFT JOIN LATERAL (
    SELECT coalesce(
      (SELECT c.receiver FROM model_change c
       WHERE c.contract_number = o.contract_number AND c.model_id = o.model_id AND c.id < o.id
       ORDER BY c.id DESC LIMIT 1),
      (SELECT v.receiver FROM model_version v
       WHERE v.contract_number = o.contract_number AND v.model_id = o.model_id AND v.is_opening
       ORDER BY v.id LIMIT 1)
    ) AS receiver
  ) r ON true`;
