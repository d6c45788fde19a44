import { Unauthorized } from '@millrace/domain';
import { Inject, Injectable } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { carriesToken } from './bearer';

/** Injection token of `MILLRACE_INTERNAL_TOKEN`. */
export const INTERNAL_TOKEN = Symbol('INTERNAL_TOKEN');

/** Routes that only our own services may call: `@UseGuards(InternalAuthGuard)`. */
@Injectable()
export class InternalAuthGuard implements CanActivate {
  constructor(@Inject(INTERNAL_TOKEN) private readonly token: string) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (carriesToken(request.headers.authorization, this.token)) return true;
    throw new Unauthorized('This route needs the internal bearer token');
  }
}
