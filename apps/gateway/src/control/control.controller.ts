import { Controller, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { DescribeStop } from '../openapi/health-routes';
import { StopEverything } from './stop-everything';

@ApiTags('control')
@Controller('stop')
export class ControlController {
  constructor(private readonly stopEverything: StopEverything) {}

  @Post()
  @HttpCode(200)
  @DescribeStop()
  stop(): unknown {
    this.stopEverything.execute();
    return { status: 'shutting_down' };
  }
}
