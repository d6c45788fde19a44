import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { requireEndpoints } from '@millrace/testing';

jest.setTimeout(180_000);

const MAIN = join(__dirname, '..', '..', 'dist', 'main.js');

test('prints each figure the suite is there for', async () => {
  const env = { ...process.env, SPARK_REMOTE: requireEndpoints().sparkConnect };
  const { stdout } = await promisify(execFile)(process.execPath, [MAIN, 'connect', '--quick'], { env });
  expect(stdout).toMatch(/library \/ the same request, medians +\d+\.\d+x +goal: at most 1\.10x/);
  expect(stdout).toMatch(/20,000 rows of 31 columns/);
  expect(stdout).toMatch(/toArrowBatches \(nothing decoded\) +[\d,]+ +\d+ +\d+\.\d/);
  expect(stdout).toMatch(/collect +[\d,]+/);
  expect(stdout).toMatch(/peak above idle, resident +\d+ MB +goal: at most 200 MB/);
});
