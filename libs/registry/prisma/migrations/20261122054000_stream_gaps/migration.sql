-- AlterTable
ALTER TABLE "stream_queries" ADD COLUMN     "failure" TEXT,
ADD COLUMN     "generation" INTEGER NOT NULL DEFAULT 1,
ADD COLUMN     "measures" JSONB NOT NULL DEFAULT 'null';

-- AlterTable
ALTER TABLE "streams" ADD COLUMN     "mode" TEXT NOT NULL DEFAULT 'continuous';

-- CreateTable
CREATE TABLE "stream_gaps" (
    "stream_name" TEXT NOT NULL,
    "query_name" TEXT NOT NULL,
    "topic" TEXT NOT NULL,
    "generation" INTEGER NOT NULL,
    "partition" INTEGER NOT NULL,
    "from_offset" BIGINT NOT NULL,
    "until_offset" BIGINT,
    "reason" TEXT NOT NULL,
    "detected_at" TIMESTAMPTZ(3) NOT NULL,
    "accepted_at" TIMESTAMPTZ(3),

    CONSTRAINT "stream_gaps_pkey" PRIMARY KEY ("stream_name","query_name","topic","generation","partition")
);

-- CreateTable
CREATE TABLE "stream_generations" (
    "stream_name" TEXT NOT NULL,
    "query_name" TEXT NOT NULL,
    "topic" TEXT NOT NULL,
    "generation" INTEGER NOT NULL,
    "start_offsets" JSONB NOT NULL,
    "base_counts" JSONB NOT NULL,
    "start_time" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "stream_generations_pkey" PRIMARY KEY ("stream_name","query_name","topic","generation")
);

-- AddForeignKey
ALTER TABLE "stream_gaps" ADD CONSTRAINT "stream_gaps_stream_name_fkey" FOREIGN KEY ("stream_name") REFERENCES "streams"("name") ON DELETE CASCADE ON UPDATE CASCADE;

-- By hand: what Prisma's schema cannot say.
ALTER TABLE "streams"
    ADD CONSTRAINT "streams_mode_check" CHECK ("mode" IN ('continuous', 'drain'));
ALTER TABLE "stream_queries"
    ADD CONSTRAINT "stream_queries_failure_check" CHECK ("failure" IN ('RESTART_LIMIT', 'DATA_LOSS'));
ALTER TABLE "stream_gaps"
    ADD CONSTRAINT "stream_gaps_reason_check" CHECK ("reason" IN ('RETENTION', 'RECREATED')),
    ADD CONSTRAINT "stream_gaps_range_check" CHECK ("until_offset" > "from_offset");
