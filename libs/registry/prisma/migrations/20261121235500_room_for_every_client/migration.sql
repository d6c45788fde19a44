-- As before, and the last tenth of the queue is for clients of whom fewer than ten batches wait: one client alone cannot
-- keep the others out.
CREATE OR REPLACE FUNCTION "admit_batch"(
    "of_client" TEXT, "of_fingerprint" TEXT, "max_pending" INTEGER,
    OUT "pending" INTEGER, OUT "rank" INTEGER, OUT "twin" TEXT
) LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    "own" INTEGER;
BEGIN
    PERFORM pg_advisory_xact_lock(7204250118);
    SELECT count(*) INTO "pending"
        FROM (SELECT 1 FROM "batches" WHERE "status" = 'PENDING' LIMIT GREATEST("max_pending", 1)) AS "waiting";
    SELECT count(*) INTO "own"
        FROM (SELECT 1 FROM "batches" WHERE "client" = "of_client" AND "status" = 'PENDING' LIMIT 10) AS "waiting";
    IF "pending" < "max_pending" AND ("own" < 10 OR "pending" < "max_pending" - "max_pending" / 10) THEN
        "rank" := "next_fair_rank"("of_client");
        SELECT "batch_id" INTO "twin" FROM "batches"
            WHERE "fingerprint" = "of_fingerprint" AND "client" = "of_client" AND "status" IN ('PENDING', 'RUNNING')
            ORDER BY "submit_time" DESC, "batch_id" LIMIT 1;
    ELSE
        SELECT count(*) INTO "pending" FROM "batches" WHERE "status" = 'PENDING';
    END IF;
END $$;
