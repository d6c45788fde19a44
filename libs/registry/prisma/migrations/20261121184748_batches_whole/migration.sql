-- AlterTable
ALTER TABLE "batches" ADD COLUMN     "after_event_timestamp" TEXT,
ADD COLUMN     "cancel_requested" TIMESTAMPTZ(3),
ADD COLUMN     "client" TEXT NOT NULL DEFAULT 'unknown',
ADD COLUMN     "client_address" TEXT NOT NULL DEFAULT 'unknown',
ADD COLUMN     "expires_at" TIMESTAMPTZ(3),
ADD COLUMN     "fair_rank" INTEGER NOT NULL DEFAULT 1,
ADD COLUMN     "fingerprint" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "idempotency_key" TEXT,
ADD COLUMN     "labels" JSONB NOT NULL DEFAULT '{}',
ADD COLUMN     "last_event_id" INTEGER NOT NULL DEFAULT 1,
ADD COLUMN     "max_event_timestamp" TEXT,
ADD COLUMN     "progress" JSONB,
ADD COLUMN     "request_id" TEXT NOT NULL DEFAULT 'unknown',
ADD COLUMN     "rerun_of" TEXT,
ADD COLUMN     "results_deleted" TIMESTAMPTZ(3),
ADD COLUMN     "sinks" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "source_offsets" JSONB,
ADD COLUMN     "timeout_seconds" INTEGER,
ADD COLUMN     "user_agent" TEXT,
ADD COLUMN     "webhook_url" TEXT;

-- CreateTable
CREATE TABLE "batch_events" (
    "batch_id" TEXT NOT NULL,
    "id" INTEGER NOT NULL,
    "time" TIMESTAMPTZ(3) NOT NULL,
    "detail" JSONB NOT NULL,

    CONSTRAINT "batch_events_pkey" PRIMARY KEY ("batch_id","id")
);

-- CreateTable
CREATE TABLE "webhook_deliveries" (
    "delivery_id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "batch_id" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "event_id" INTEGER NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'PENDING',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_attempt" TIMESTAMPTZ(3) NOT NULL,
    "last_error" TEXT,
    "create_time" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "webhook_deliveries_pkey" PRIMARY KEY ("delivery_id")
);

-- CreateIndex
CREATE INDEX "batches_analysis_type_submit_time_batch_id_idx" ON "batches"("analysis_type", "submit_time" DESC, "batch_id");

-- CreateIndex
CREATE INDEX "batches_labels_idx" ON "batches" USING GIN ("labels" jsonb_path_ops);

-- CreateIndex
CREATE UNIQUE INDEX "batches_client_idempotency_key_key" ON "batches"("client", "idempotency_key");

-- AddForeignKey
ALTER TABLE "batch_events" ADD CONSTRAINT "batch_events_batch_id_fkey" FOREIGN KEY ("batch_id") REFERENCES "batches"("batch_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_batch_id_fkey" FOREIGN KEY ("batch_id") REFERENCES "batches"("batch_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- By hand: what Prisma's schema cannot say.
ALTER TABLE "batches"
    ADD CONSTRAINT "batches_fair_rank_check" CHECK ("fair_rank" >= 1),
    ADD CONSTRAINT "batches_last_event_id_check" CHECK ("last_event_id" >= 1),
    ADD CONSTRAINT "batches_timeout_seconds_check" CHECK ("timeout_seconds" >= 1),
    ADD CONSTRAINT "batches_labels_check" CHECK (jsonb_typeof("labels") = 'object'),
    ADD CONSTRAINT "batches_sinks_check" CHECK ("sinks" <@ ARRAY['jdbc']);

ALTER TABLE "webhook_deliveries"
    ADD CONSTRAINT "webhook_deliveries_status_check" CHECK ("status" IN ('PENDING', 'DELIVERED', 'DEAD')),
    ADD CONSTRAINT "webhook_deliveries_attempts_check" CHECK ("attempts" >= 0);

-- The queue in its order; what the next rank and the twin of a client are found by; what has to be deleted or pruned.
CREATE INDEX "batches_queue_idx" ON "batches"("fair_rank", "submit_time", "batch_id") WHERE "status" = 'PENDING';
CREATE INDEX "batches_unfinished_rank_idx" ON "batches"("client", "fair_rank") WHERE "status" IN ('PENDING', 'RUNNING');
CREATE INDEX "batches_unfinished_fingerprint_idx" ON "batches"("fingerprint", "client") WHERE "status" IN ('PENDING', 'RUNNING');
CREATE INDEX "batches_expires_at_idx" ON "batches"("expires_at", "batch_id") WHERE "results_deleted" IS NULL;
CREATE INDEX "batch_events_progress_idx" ON "batch_events"("batch_id") WHERE "detail" ->> 'type' = 'progress';
CREATE INDEX "webhook_deliveries_due_idx" ON "webhook_deliveries"("next_attempt") WHERE "status" = 'PENDING';
CREATE INDEX "webhook_deliveries_dead_idx" ON "webhook_deliveries"("create_time" DESC, "delivery_id") WHERE "status" = 'DEAD';

-- The first release kept results for ever: they get the default time of today's.
UPDATE "batches" SET "expires_at" = COALESCE("end_time", "submit_time") + interval '7 days' WHERE "status" = 'COMPLETED';

-- Of batches that are older than events only the state is known.
INSERT INTO "batch_events" ("batch_id", "id", "time", "detail")
SELECT "batch_id", 1, COALESCE("end_time", "start_time", "submit_time"),
       jsonb_build_object('type', 'status', 'status', "status", 'attempt', "attempt", 'errorMessage', "error_message")
FROM "batches";

-- One more than the highest rank of the client's unfinished batches and of all running ones. Whoever asks waits for the
-- one before to commit, and reads what it wrote: a volatile function sees more than the statement that calls it.
CREATE FUNCTION "next_fair_rank"("of_client" TEXT) RETURNS INTEGER LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(7204250118);
    RETURN 1 + GREATEST(
        (SELECT max("fair_rank") FROM "batches" WHERE "client" = "of_client" AND "status" IN ('PENDING', 'RUNNING')),
        (SELECT max("fair_rank") FROM "batches" WHERE "status" = 'RUNNING'),
        0);
END $$;

-- What a new batch of a client meets: how many wait (counted up to the limit, or all when that is reached), its rank and its
-- twin; without these two when it is one too many. One at a time, so that parallel submissions count and see each other.
CREATE FUNCTION "admit_batch"(
    "of_client" TEXT, "of_fingerprint" TEXT, "max_pending" INTEGER,
    OUT "pending" INTEGER, OUT "rank" INTEGER, OUT "twin" TEXT
) LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(7204250118);
    SELECT count(*) INTO "pending"
        FROM (SELECT 1 FROM "batches" WHERE "status" = 'PENDING' LIMIT GREATEST("max_pending", 1)) AS "waiting";
    IF "pending" < "max_pending" THEN
        "rank" := "next_fair_rank"("of_client");
        SELECT "batch_id" INTO "twin" FROM "batches"
            WHERE "fingerprint" = "of_fingerprint" AND "client" = "of_client" AND "status" IN ('PENDING', 'RUNNING')
            ORDER BY "submit_time" DESC, "batch_id" LIMIT 1;
    ELSE
        SELECT count(*) INTO "pending" FROM "batches" WHERE "status" = 'PENDING';
    END IF;
END $$;

-- Each change of a batch writes its next event, the message to the client's URL and the news, in the same transaction. The
-- row's lock makes the numbers gap free.
CREATE FUNCTION "number_batch_event"() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    NEW."last_event_id" := OLD."last_event_id" + 1;
    RETURN NEW;
END $$;

CREATE FUNCTION "write_batch_event"() RETURNS TRIGGER LANGUAGE plpgsql AS $$
DECLARE
    "detail" JSONB;
BEGIN
    IF TG_OP = 'INSERT' OR OLD."status" <> NEW."status" OR OLD."attempt" <> NEW."attempt" THEN
        "detail" := jsonb_build_object(
            'type', 'status', 'status', NEW."status", 'attempt', NEW."attempt", 'errorMessage', NEW."error_message");
    ELSIF OLD."results_deleted" IS NULL AND NEW."results_deleted" IS NOT NULL THEN
        "detail" := '{"type": "deleted"}';
    ELSIF OLD."cancel_requested" IS NULL AND NEW."cancel_requested" IS NOT NULL THEN
        "detail" := '{"type": "cancel"}';
    ELSE
        "detail" := jsonb_build_object('type', 'progress', 'progress', NEW."progress");
    END IF;
    INSERT INTO "batch_events" ("batch_id", "id", "time", "detail")
        VALUES (NEW."batch_id", NEW."last_event_id", clock_timestamp(), "detail");

    -- A batch that is recovered ended long ago: its INSERT tells nobody.
    IF NEW."webhook_url" IS NOT NULL AND TG_OP = 'UPDATE' AND "detail" ->> 'type' = 'status'
        AND NEW."status" NOT IN ('PENDING', 'RUNNING') THEN
        INSERT INTO "webhook_deliveries" ("batch_id", "url", "event_id", "next_attempt", "create_time")
            VALUES (NEW."batch_id", NEW."webhook_url", NEW."last_event_id",
                    COALESCE(NEW."end_time", clock_timestamp()), clock_timestamp());
    END IF;

    PERFORM pg_notify('batch_changed', NEW."batch_id");
    RETURN NULL;
END $$;

-- The numbering comes before the update and writes nothing itself; after an INSERT, which starts at 1, there is nothing to
-- number, and one that ON CONFLICT skips fires no AFTER trigger.
CREATE TRIGGER "batches_number_event" BEFORE UPDATE ON "batches" FOR EACH ROW WHEN (
    OLD."status" <> NEW."status"
    OR OLD."attempt" <> NEW."attempt"
    OR (OLD."results_deleted" IS NULL AND NEW."results_deleted" IS NOT NULL)
    OR (OLD."cancel_requested" IS NULL AND NEW."cancel_requested" IS NOT NULL)
    OR (NEW."progress" IS NOT NULL AND NEW."progress" IS DISTINCT FROM OLD."progress")
) EXECUTE FUNCTION "number_batch_event"();

CREATE TRIGGER "batches_write_event_of_update" AFTER UPDATE ON "batches" FOR EACH ROW
    WHEN (OLD."last_event_id" <> NEW."last_event_id") EXECUTE FUNCTION "write_batch_event"();

CREATE TRIGGER "batches_write_event_of_insert" AFTER INSERT ON "batches" FOR EACH ROW
    EXECUTE FUNCTION "write_batch_event"();
