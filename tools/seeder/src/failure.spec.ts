import { AnalysisError, ConnectionUnavailableError, SparkConnectError } from 'spark-connect-js';
import { readSeederSettings } from './config';
import { explain } from './failure';

const settings = readSeederSettings({ DELTA_BASE_PATH: '/d', SPARK_REMOTE: 'sc://s:1' }, [], new Date());

describe('explain', () => {
  it.each([
    [new ConnectionUnavailableError('refused'), /sc:\/\/s:1.*SPARK_REMOTE/],
    [new AnalysisError('no', { errorClass: 'PATH_NOT_FOUND' }), /\/d\/_staging.*DELTA_BASE_PATH/],
    [
      new SparkConnectError('out of\nmemory', { errorClass: 'SOME_CLASS' }),
      /stream\/transactions \(SOME_CLASS\): out of\. /,
    ],
    [
      Object.assign(new Error('ENOSPC: no space'), { code: 'ENOSPC', syscall: 'write' }),
      /ENOSPC.*Free some space/,
    ],
    [Object.assign(new Error('EACCES: denied'), { code: 'EACCES', syscall: 'mkdir' }), /EACCES.*writable/],
  ])('names cause and cure of %s', (error, sentence) => {
    expect(explain(error, settings)).toMatch(sentence);
  });
});
