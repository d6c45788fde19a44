import { literalPath, pathWithin } from './file-path';

it.each([
  ['/data/in', 'file:///data/in'],
  ['/data/50% of [all] {x} a?*\\', 'file:///data/50% of \\[all\\] \\{x\\} a\\?\\*\\\\'],
  ['file:/data/in', 'file:/data/in'],
  ['file:///data/in', 'file:///data/in'],
  ['hdfs:///data', 'hdfs:///data'],
  ['hdfs://namenode:8020/', 'hdfs://namenode:8020/'],
  ['hdfs://namenode:8020/data/*', 'hdfs://namenode:8020/data/\\*'],
])('%s is read as itself', (path, read) => {
  expect(literalPath(path)).toBe(read);
});

it.each(['', 'data/in', './in', '~/in', 'file:data/in', 'file://', 'hdfs://namenode:8020', 'hdfs:'])(
  '%p depends on the server, and is refused',
  (path) => {
    expect(() => literalPath(path)).toThrow(TypeError);
  },
);

it.each([
  ['/data/in/', '/data/in'],
  ['file:///data//in', '/data/in'],
  ['file:/data/other/../in', '/data/in'],
  ['hdfs://namenode:8020/data/in', '/data/in'],
  ['hdfs:///data/in', '/data/in'],
  ['/', ''],
])('%s leads to %p', (path, within) => {
  expect(pathWithin(path)).toBe(within);
});
