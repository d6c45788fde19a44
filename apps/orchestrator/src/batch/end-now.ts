/** When a batch ends, and until when what it wrote is kept. */
export function endNow(now: Date, retentionMs: number): { readonly endTime: Date; readonly expiresAt: Date } {
  return { endTime: now, expiresAt: new Date(now.getTime() + retentionMs) };
}
