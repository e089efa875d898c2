-- Spreads a Wendu database over the nodes of a Citus cluster. Run once, on the coordinator, as the
-- owner of the tables, after a first start of `wendu serve` has made them; answers that are there
-- already are moved. Before and after: docs/OPERATIONS.md, "Citus".
--
-- A response and the part of the tallies that counts it have the same bucket and so lie on the same
-- node: a batch of one bucket is a transaction of one node.

BEGIN;

-- Both are needed where the tallies are.
SELECT create_distributed_function('moments_add(bigint[], bigint[])');
SELECT create_distributed_function('moments_sum(bigint[])');

-- 64 buckets; fewer shards than that, so that hardly any is empty.
SELECT create_distributed_table('response', 'bucket', shard_count => 32);
SELECT create_distributed_table('tally', 'bucket', colocate_with => 'response');

-- Read beside the responses, written once per version.
SELECT create_reference_table('questionnaire');

-- setting, account, session, device and visits stay on the coordinator: they are small, and nothing
-- that is written with an answer refers to them. So does tally_pending: by bucket nothing is
-- written there.

COMMIT;

-- Where the shards lie: every worker should have its share of both tables.
SELECT nodename, nodeport, table_name, count(*) AS shards
FROM citus_shards WHERE table_name::text IN ('response', 'tally')
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;
