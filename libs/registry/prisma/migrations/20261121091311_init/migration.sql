-- CreateTable
CREATE TABLE "batches" (
    "batch_id" TEXT NOT NULL,
    "uuid" UUID NOT NULL,
    "status" TEXT NOT NULL,
    "attempt" INTEGER NOT NULL,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "not_before" TIMESTAMPTZ(3),
    "analysis_type" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "topic" TEXT,
    "start_offset" TEXT,
    "end_offset" TEXT,
    "start_date" TEXT,
    "end_date" TEXT,
    "filters" JSONB,
    "source_path" TEXT,
    "source_version" BIGINT,
    "submit_time" TIMESTAMPTZ(3) NOT NULL,
    "start_time" TIMESTAMPTZ(3),
    "end_time" TIMESTAMPTZ(3),
    "row_count" BIGINT,
    "delta_raw_path" TEXT,
    "delta_agg_path" TEXT,
    "raw_version" BIGINT,
    "agg_version" BIGINT,
    "error_message" TEXT,
    "executions" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "batches_pkey" PRIMARY KEY ("batch_id")
);

-- CreateTable
CREATE TABLE "streams" (
    "name" TEXT NOT NULL,
    "desired" TEXT NOT NULL,
    "topic" TEXT NOT NULL,
    "start_time" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "streams_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "stream_queries" (
    "stream_name" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "query_id" TEXT NOT NULL,
    "run_id" TEXT NOT NULL,
    "checkpoint_path" TEXT NOT NULL,
    "table_path" TEXT NOT NULL,
    "is_active" BOOLEAN NOT NULL,
    "status_message" TEXT,
    "last_progress" JSONB NOT NULL,
    "recent_progress" JSONB NOT NULL,
    "error_message" TEXT,
    "restarts" INTEGER NOT NULL,
    "update_time" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "stream_queries_pkey" PRIMARY KEY ("stream_name","name")
);

-- CreateTable
CREATE TABLE "spark_session" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "user_id" TEXT NOT NULL,
    "session_id" TEXT NOT NULL,
    "server_side_session_id" TEXT,

    CONSTRAINT "spark_session_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "batches_uuid_key" ON "batches"("uuid");

-- CreateIndex
CREATE INDEX "batches_submit_time_batch_id_idx" ON "batches"("submit_time" DESC, "batch_id");

-- CreateIndex
CREATE INDEX "batches_status_submit_time_batch_id_idx" ON "batches"("status", "submit_time" DESC, "batch_id");

-- AddForeignKey
ALTER TABLE "stream_queries" ADD CONSTRAINT "stream_queries_stream_name_fkey" FOREIGN KEY ("stream_name") REFERENCES "streams"("name") ON DELETE CASCADE ON UPDATE CASCADE;

-- By hand: what Prisma's schema cannot say.
ALTER TABLE "batches"
    ADD CONSTRAINT "batches_batch_id_check" CHECK ("batch_id" ~ '^batch-[0-9]{8}-[0-9a-f]{8}$'),
    ADD CONSTRAINT "batches_status_check" CHECK ("status" IN ('PENDING', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED', 'UNKNOWN')),
    ADD CONSTRAINT "batches_source_check" CHECK ("source" IN ('delta', 'kafka', 'seed')),
    ADD CONSTRAINT "batches_attempt_check" CHECK ("attempt" >= 1),
    ADD CONSTRAINT "batches_failures_check" CHECK ("failures" >= 0);

ALTER TABLE "streams"
    ADD CONSTRAINT "streams_desired_check" CHECK ("desired" IN ('RUNNING', 'STOPPED'));

ALTER TABLE "stream_queries"
    ADD CONSTRAINT "stream_queries_restarts_check" CHECK ("restarts" >= 0);

ALTER TABLE "spark_session"
    ADD CONSTRAINT "spark_session_one_row" CHECK ("id" = 1);
