import { Controller, Get } from '@nestjs/common';

@Controller('health')
export class HealthController {
  /** The process answers; whether Spark does is `/internal/health`. */
  @Get('live')
  live(): { status: 'live' } {
    return { status: 'live' };
  }
}
