import { javaFailure } from './java-failure';

it('is the innermost cause', () => {
  const stderr = [
    'Exception in thread "main" java.lang.RuntimeException: cannot start',
    '\tat kafka.Kafka.main(Kafka.scala:1)',
    'Caused by: java.io.IOException: cannot write',
    '\t... 1 more',
    'Caused by: java.nio.file.FileSystemException: /data/kafka: No space left on device',
    '\t... 8 more',
    '',
  ].join('\n');
  expect(javaFailure(stderr)).toBe('java.nio.file.FileSystemException: /data/kafka: No space left on device');
});

it('is what was said where there is no cause', () => {
  expect(
    javaFailure(
      'Picked up JAVA_TOOL_OPTIONS: -Xint\nError: Could not find or load main class kafka.Kafka\n\tat nowhere\n',
    ),
  ).toBe('Error: Could not find or load main class kafka.Kafka');
});

it('is nothing where nothing was said', () => {
  expect(javaFailure('')).toBe('');
});
