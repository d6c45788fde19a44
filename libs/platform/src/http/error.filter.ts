import { Catch, Logger, NotFoundException } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { answer, errorAnswer } from './error-body';
import type { ErrorAnswer } from './error-body';
import { sendError } from './send-error';
import type { RouteTable } from './route-table';

/** Every failure of a request ends here: ours, a refused body, the framework's, and what nobody foresaw. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger('ErrorFilter');

  constructor(private readonly routes: RouteTable) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const found = this.answerTo(error, request);
    this.log(error, found, request);
    if (reply.sent) {
      // Half of a body is out already: a broken connection is the only honest end.
      reply.raw.destroy();
      return;
    }
    if (found.body.error === 'METHOD_NOT_ALLOWED') {
      void reply.header('allow', this.routes.methodsOf(request.url).join(', '));
    }
    sendError(reply, found);
  }

  private answerTo(error: unknown, request: FastifyRequest): ErrorAnswer {
    if (error instanceof NotFoundException) {
      const methods = this.routes.methodsOf(request.url);
      if (methods.length > 0 && !methods.includes(request.method)) {
        const message = `${request.method} is not possible here; possible: ${methods.join(', ')}`;
        return answer('METHOD_NOT_ALLOWED', message, request.id, new Date());
      }
    }
    return errorAnswer(error, request.id, new Date());
  }

  private log(error: unknown, found: ErrorAnswer, request: FastifyRequest): void {
    // The request id is in every line of a request already.
    const facts = { method: request.method, code: found.body.error };
    if (found.isUnexpected) this.logger.error({ ...facts, err: error }, 'A request failed unexpectedly');
    else if (found.httpStatus >= 500) this.logger.warn({ ...facts, err: error }, found.body.message);
  }
}
