import { applyDecorators } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiQuery, ApiResponse } from '@nestjs/swagger';
import { createZodDto } from 'nestjs-zod';
import { z } from 'zod';
import { Fails } from '../openapi/failures';

const EXAMPLE_ID = '0d3c5f0e-8a55-4c1b-9a53-0f6f5b1f9a11';

const deliverySchema = z.object({
  deliveryId: z.string().meta({ description: 'The webhook-id header of each attempt', example: EXAMPLE_ID }),
  batchId: z.string().meta({ example: 'batch-20250115-a3f8e2b1' }),
  url: z.string().meta({ description: 'Without user and query', example: 'https://client.example/hook' }),
  eventId: z.int().meta({ description: 'The event of the batch that it tells' }),
  status: z.literal('DEAD'),
  attempts: z.int().meta({ example: 7 }),
  lastError: z.string().nullable().meta({ example: 'It answered 500' }),
  createTime: z.iso.datetime().meta({ example: '2025-01-15T14:32:07.123Z' }),
});

export class DeadWebhooksModel extends createZodDto(z.object({ deliveries: z.array(deliverySchema) })) {}

export class RedeliveryModel extends createZodDto(
  z.object({ deliveryId: z.string().meta({ example: EXAMPLE_ID }), status: z.literal('PENDING') }),
) {}

export function DescribeDeadWebhooks(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      summary: 'Webhook messages that could not be delivered',
      description:
        'Newest first. Messages follow the Standard Webhooks specification and are delivered at least once: tell ' +
        'repetitions by the `webhook-id` header. A dead one failed at every attempt, in more than seven hours, or ' +
        'its origin is not on the allow-list any more.',
    }),
    ApiQuery({
      name: 'limit',
      required: false,
      schema: { type: 'integer', minimum: 1, default: 20, description: 'At most 1000 are listed' },
    }),
    ApiResponse({ status: 200, description: 'The dead letters', type: DeadWebhooksModel }),
    Fails('INVALID_REQUEST', 'SERVICE_UNAVAILABLE'),
  );
}

export function DescribeRedelivery(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      summary: 'Deliver a dead letter once more',
      description: 'It is due at once, with the same webhook-id, and all attempts are before it again.',
    }),
    ApiParam({ name: 'deliveryId', description: 'As the list of dead letters has it', example: EXAMPLE_ID }),
    ApiResponse({ status: 202, description: 'It is due', type: RedeliveryModel }),
    Fails('INVALID_REQUEST', 'WEBHOOK_NOT_FOUND', 'SERVICE_UNAVAILABLE'),
  );
}
