import type { ConfigProblem, Schema } from '@millrace/platform';

const SECRET = /^whsec_((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)$/;
const MIN_BYTES = 24;
const MAX_BYTES = 64;
const CURE = 'make one with: echo "whsec_$(openssl rand -base64 32)"';
const MESSAGE = `must be whsec_ and the base64 of ${MIN_BYTES} to ${MAX_BYTES} random bytes; ${CURE}`;

/** The key of a secret as the specification spells it. */
export function webhookSecret(): Schema<Buffer> {
  return {
    safeParse: (value) => {
      const base64 = typeof value === 'string' ? SECRET.exec(value)?.[1] : undefined;
      const key = Buffer.from(base64 ?? '', 'base64');
      return key.length >= MIN_BYTES && key.length <= MAX_BYTES
        ? { success: true, data: key }
        : { success: false, error: { issues: [{ path: [], message: MESSAGE }] } };
    },
  };
}

/** Origins without a secret would be messages that nobody can check. */
export function secretForWebhooks(config: {
  readonly webhookOrigins: readonly string[];
  readonly webhookKey: Buffer | undefined;
}): readonly ConfigProblem[] {
  if (config.webhookOrigins.length === 0 || config.webhookKey !== undefined) return [];
  return [
    {
      name: 'MILLRACE_WEBHOOK_SECRET',
      message: `is required where WEBHOOK_ALLOWED_ORIGINS (pipeline.webhooks.allowed-origins) names origins: ${CURE}`,
    },
  ];
}
