import { causeOfStackTrace } from './jvm-causes';

const TRACE = [
  'org.apache.spark.sql.streaming.StreamingQueryException: [USER_RAISED_EXCEPTION] no good SQLSTATE: P0001',
  '=== Streaming Query ===',
  'Identifier: [id = i, runId = r]',
  '\tat org.apache.spark.sql.execution.streaming.StreamExecution.runStream(StreamExecution.scala:372)',
  'Caused by: org.apache.spark.SparkException: [TASK_WRITE_FAILED] Task failed.',
  'Over two lines. SQLSTATE: 58030',
  '\tat org.apache.spark.scheduler.Task.run(Task.scala:147)',
  '\t... 3 more',
  'Caused by: org.apache.spark.SparkRuntimeException: [USER_RAISED_EXCEPTION] no good SQLSTATE: P0001',
  '\tat org.apache.spark.sql.errors.QueryExecutionErrors$.raiseError(QueryExecutionErrors.scala:2782)',
  'Caused by: java.lang.StackOverflowError',
  '\tat a.b.C$D.e(C.java:1)',
  '',
].join('\n');

describe('causeOfStackTrace', () => {
  it('gives the causes as a chain, each with class, message and state', () => {
    expect(causeOfStackTrace(TRACE)).toMatchObject({
      message: '[TASK_WRITE_FAILED] Task failed.\nOver two lines. SQLSTATE: 58030',
      errorClass: 'TASK_WRITE_FAILED',
      sqlState: '58030',
      exceptionClasses: ['org.apache.spark.SparkException'],
      cause: {
        message: '[USER_RAISED_EXCEPTION] no good SQLSTATE: P0001',
        errorClass: 'USER_RAISED_EXCEPTION',
        sqlState: 'P0001',
        serverStack: expect.stringContaining('QueryExecutionErrors.scala:2782') as string,
        cause: {
          message: 'java.lang.StackOverflowError',
          errorClass: undefined,
          exceptionClasses: ['java.lang.StackOverflowError'],
        },
      },
    });
  });

  it('gives none for a trace without one', () => {
    expect(causeOfStackTrace('')).toBeUndefined();
    expect(causeOfStackTrace('java.lang.Error: no\n\tat a.b.c(D.java:1)')).toBeUndefined();
  });
});
