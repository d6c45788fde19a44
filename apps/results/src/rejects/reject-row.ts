import { z } from 'zod';

/** A row of the table without the event itself. */
export const rejectPlaceSchema = z.object({
  reason: z.string().nullable(),
  topic: z.string(),
  partition: z.int(),
  offset: z.int(),
  timestamp: z.string().nullable(),
  rejected_at: z.string(),
});

/** A row of the table as a page shows it; bytes in base64. */
export const rejectRowSchema = rejectPlaceSchema.extend({
  key: z.string().nullable(),
  value: z.string().nullable(),
});

export type RejectPlace = z.infer<typeof rejectPlaceSchema>;
export type RejectRow = z.infer<typeof rejectRowSchema>;

/** Messages without a time, of very old clients, share one. */
export const kafkaTimeOf = ({ timestamp }: Pick<RejectRow, 'timestamp'>): Date => new Date(timestamp ?? 0);
