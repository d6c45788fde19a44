import { InvalidRequest, WebhookNotFound, withoutUrlSecrets } from '@millrace/domain';
import type { WebhookDelivery } from '@millrace/domain';
import { parseQuery } from '@millrace/platform';
import { Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { GATEWAY_PORTS } from '../ports';
import type { GatewayPorts } from '../ports';
import { DescribeDeadWebhooks, DescribeRedelivery } from './describe-webhooks';

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 1_000;

const deadQuerySchema = z.strictObject({
  limit: z
    .string()
    .regex(/^[1-9]\d*$/, { error: 'must be a whole number from 1' })
    .optional()
    .transform((limit) => Math.min(Number(limit ?? DEFAULT_LIMIT), MAX_LIMIT)),
});

/** Messages about ended batches that could not be delivered. */
@ApiTags('webhooks')
@Controller('webhooks')
export class WebhooksController {
  constructor(@Inject(GATEWAY_PORTS) private readonly ports: Pick<GatewayPorts, 'webhooks'>) {}

  @Get('dead')
  @DescribeDeadWebhooks()
  async dead(@Query() query: unknown): Promise<unknown> {
    const { limit } = parseQuery(deadQuerySchema, query);
    const deliveries = await this.ports.webhooks.listDead(limit);
    return { deliveries: deliveries.map(toDeliveryBody) };
  }

  @Post('dead/:deliveryId/redeliver')
  @HttpCode(202)
  @DescribeRedelivery()
  async redeliver(@Param('deliveryId') deliveryId: string): Promise<unknown> {
    if (!/^[\w-]{1,64}$/.test(deliveryId)) {
      throw new InvalidRequest([{ path: 'deliveryId', message: 'must be the id of a delivery' }]);
    }
    const isDue = await this.ports.webhooks.redeliver(deliveryId, new Date());
    if (!isDue) throw new WebhookNotFound(deliveryId);
    return { deliveryId, status: 'PENDING' };
  }
}

function toDeliveryBody(delivery: WebhookDelivery): object {
  return {
    deliveryId: delivery.deliveryId,
    batchId: delivery.batchId,
    url: withoutUrlSecrets(delivery.url),
    eventId: delivery.eventId,
    status: delivery.status,
    attempts: delivery.attempts,
    lastError: delivery.lastError,
    createTime: delivery.createTime.toISOString(),
  };
}
