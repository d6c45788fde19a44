-- Batches that failed before failures had a time to expire: they get the default time of today's.
UPDATE "batches" SET "expires_at" = COALESCE("end_time", "submit_time") + interval '7 days'
WHERE "status" = 'FAILED' AND "expires_at" IS NULL;
