import type { OffsetRange } from '@millrace/domain';
import { InternalAuthGuard, parseBody } from '@millrace/platform';
import { Body, Controller, HttpCode, Post, UseGuards } from '@nestjs/common';
// Injected by its class, so a type-only import would lose it.
import { ResolveSource, sourceRequestSchema } from './resolve-source';
import type { PinnedTable } from './resolve-source';

/** Asked by the gateway before it accepts a batch that names offsets, a version or a time. */
@Controller('internal/batch')
@UseGuards(InternalAuthGuard)
export class BatchSourceController {
  constructor(private readonly sources: ResolveSource) {}

  @Post('resolve')
  @HttpCode(200)
  resolve(@Body() body: unknown): Promise<OffsetRange | PinnedTable> {
    return this.sources.resolve(parseBody(sourceRequestSchema, body));
  }
}
