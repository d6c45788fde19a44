import { applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiResponse } from '@nestjs/swagger';
import { Fails } from './failures';

/** Of what has a tag. */
export function describeConditions(): MethodDecorator {
  return applyDecorators(
    ApiHeader({
      name: 'If-Match',
      required: false,
      description: 'ETags of which what is asked for must have one, or `*`',
    }),
    ApiHeader({ name: 'If-None-Match', required: false, description: 'ETag of an earlier answer' }),
    ApiResponse({ status: 304, description: 'Nothing changed since that ETag' }),
    Fails('PRECONDITION_FAILED'),
  );
}

/** Of a file a client can ask for parts. */
export function describeParts(): MethodDecorator {
  return applyDecorators(
    ApiHeader({
      name: 'Range',
      required: false,
      description:
        'Of a file one range of its bytes, like `bytes=0-1023`; of several, and of other formats, all is sent',
    }),
    ApiHeader({ name: 'If-Range', required: false, description: 'ETag of the file that the range is of' }),
    ApiResponse({
      status: 206,
      description: 'The range of the file',
      content: { 'application/vnd.apache.parquet': { schema: { type: 'string', format: 'binary' } } },
      headers: {
        'Content-Range': { description: 'Which bytes, and of how many', schema: { type: 'string' } },
      },
    }),
  );
}
