import { ServiceUnavailable } from '@millrace/domain';
import { Injectable } from '@nestjs/common';
import type { CanActivate } from '@nestjs/common';
import { Drain } from '../drain/drain';

/** For routes that begin something: they answer 503 once the shutdown has begun. */
@Injectable()
export class AcceptingGuard implements CanActivate {
  constructor(private readonly drain: Drain) {}

  canActivate(): boolean {
    if (!this.drain.isDraining) return true;
    throw new ServiceUnavailable('Millrace is shutting down and accepts nothing new');
  }
}
