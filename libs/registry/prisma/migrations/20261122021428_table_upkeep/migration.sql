-- CreateTable
CREATE TABLE "table_upkeep" (
    "run_id" UUID NOT NULL,
    "job_id" TEXT NOT NULL,
    "table_name" TEXT NOT NULL,
    "operation" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "executions" INTEGER NOT NULL DEFAULT 0,
    "operation_id" UUID,
    "session_id" TEXT,
    "start_time" TIMESTAMPTZ(3) NOT NULL,
    "end_time" TIMESTAMPTZ(3),
    "metrics" JSONB,
    "error_message" TEXT,

    CONSTRAINT "table_upkeep_pkey" PRIMARY KEY ("run_id")
);

-- CreateIndex
CREATE INDEX "table_upkeep_table_name_start_time_run_id_idx" ON "table_upkeep"("table_name", "start_time" DESC, "run_id");

-- By hand: what Prisma's schema cannot say.
ALTER TABLE "table_upkeep"
    ADD CONSTRAINT "table_upkeep_table_name_check" CHECK ("table_name" IN ('transactions', 'stream_aggregations', 'rejects')),
    ADD CONSTRAINT "table_upkeep_operation_check" CHECK ("operation" IN ('optimize', 'zorder', 'vacuum')),
    ADD CONSTRAINT "table_upkeep_status_check" CHECK ("status" IN ('RUNNING', 'COMPLETED', 'FAILED', 'SKIPPED')),
    ADD CONSTRAINT "table_upkeep_end_check" CHECK (("status" = 'RUNNING') = ("end_time" IS NULL));

-- Two operations on one table would only be in each other's way.
CREATE UNIQUE INDEX "table_upkeep_running_key" ON "table_upkeep"("table_name") WHERE "status" = 'RUNNING';
