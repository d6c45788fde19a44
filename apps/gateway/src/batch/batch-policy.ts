import { InvalidRequest } from '@millrace/domain';
import type { ErrorDetail } from '@millrace/domain';
import { Inject, Injectable } from '@nestjs/common';
import type { GatewayConfig } from '../config';
import { GATEWAY_CONFIG } from '../ports';

type PolicyConfig = Pick<
  GatewayConfig,
  'batchTopic' | 'batchTopics' | 'streamTopics' | 'jdbcUrl' | 'webhookOrigins'
>;

/** What of a request the operator must have allowed. */
export interface Restricted {
  readonly topic?: string | null;
  readonly sinks?: readonly string[] | undefined;
  readonly webhookUrl?: string | null | undefined;
}

/** Which topics, sinks and webhooks a batch of this installation may name. */
@Injectable()
export class BatchPolicy {
  private readonly topics: readonly string[];

  constructor(@Inject(GATEWAY_CONFIG) private readonly config: PolicyConfig) {
    const { batchTopics, batchTopic, streamTopics } = config;
    this.topics = batchTopics ?? [...new Set([batchTopic, ...streamTopics])];
  }

  /** @throws InvalidRequest naming every field that is not allowed, and what is. */
  check({ topic, sinks, webhookUrl }: Restricted): void {
    const details: ErrorDetail[] = [];
    if (topic !== undefined && topic !== null && !this.topics.includes(topic)) {
      details.push({ path: 'topic', message: `must be one of: ${this.topics.join(', ')}` });
    }
    if (sinks?.includes('jdbc') === true && this.config.jdbcUrl === undefined) {
      details.push({
        path: 'sinks',
        message: 'jdbc is not available: the setting JDBC_URL names no database',
      });
    }
    const problem = this.webhookProblem(webhookUrl);
    if (problem !== undefined) details.push({ path: 'webhookUrl', message: problem });
    if (details.length > 0) throw new InvalidRequest(details);
  }

  private webhookProblem(webhookUrl: string | null | undefined): string | undefined {
    if (webhookUrl === undefined || webhookUrl === null) return undefined;
    const { origin, username, password } = new URL(webhookUrl);
    if (username !== '' || password !== '') return 'must not carry a user name or a password';
    const allowed = this.config.webhookOrigins;
    if (allowed.includes(origin)) return undefined;
    return `${origin} is not among the allowed origins (setting WEBHOOK_ALLOWED_ORIGINS): ${
      allowed.length === 0 ? 'there are none' : allowed.join(', ')
    }`;
  }
}
