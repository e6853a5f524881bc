-- This month's spending so far, as the migration of this name counts it for PostgreSQL.

INSERT INTO ai_spending (user_id, month, spent_nanousd)
SELECT user_id, strftime('%Y-%m', 'now'), SUM(cost_nanousd) FROM ai_usage_tracking
WHERE created_at >= strftime('%Y-%m-01T00:00:00.000000Z', 'now') AND cost_nanousd > 0
GROUP BY user_id
ON CONFLICT (user_id, month) DO NOTHING;

INSERT INTO ai_operator_spending (user_hash, month, spent_nanousd)
SELECT 'total', strftime('%Y-%m', 'now'), SUM(cost_nanousd) FROM ai_usage_tracking
WHERE created_at >= strftime('%Y-%m-01T00:00:00.000000Z', 'now') AND key_source = 'operator' AND cost_nanousd > 0
GROUP BY strftime('%Y-%m', 'now') HAVING SUM(cost_nanousd) > 0
ON CONFLICT (user_hash, month) DO NOTHING;
