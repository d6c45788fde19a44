-- CreateTable
CREATE TABLE "reject_replays" (
    "topic" TEXT NOT NULL,
    "partition" INTEGER NOT NULL,
    "offset" BIGINT NOT NULL,
    "kafka_time" TIMESTAMPTZ(3) NOT NULL,
    "reason" TEXT NOT NULL,
    "begin_time" TIMESTAMPTZ(3) NOT NULL,
    "sent_time" TIMESTAMPTZ(3),
    "sent_partition" INTEGER,
    "sent_offset" BIGINT,

    CONSTRAINT "reject_replays_pkey" PRIMARY KEY ("topic", "partition", "offset", "kafka_time")
);

-- CreateIndex
CREATE INDEX "reject_replays_topic_sent_partition_sent_offset_idx" ON "reject_replays"("topic", "sent_partition", "sent_offset");

-- By hand: what Prisma's schema cannot say.
ALTER TABLE "reject_replays"
    ADD CONSTRAINT "reject_replays_sent_check" CHECK (num_nulls("sent_time", "sent_partition", "sent_offset") IN (0, 3));
