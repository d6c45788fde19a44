-- AlterTable
ALTER TABLE "stream_queries" ADD COLUMN "counts" JSONB NOT NULL DEFAULT 'null';
