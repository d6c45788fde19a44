import { LogListing } from './log-listing';
import { parseLogFileName } from './log-file-name';

const v = (version: number) => String(version).padStart(20, '0');
const part = (version: number, index: number, parts: number) =>
  `${v(version)}.checkpoint.${String(index).padStart(10, '0')}.${String(parts).padStart(10, '0')}.parquet`;

describe('names in a log', () => {
  it.each([
    '_last_checkpoint',
    `${v(3)}.crc`,
    `.${v(3)}.json.crc`,
    `${v(1)}.${v(3)}.compacted.json`,
    `.${v(3)}.json.7f1d.tmp`,
    `${v(3)}.json.tmp`,
    '3.json',
    '_staged_commits',
  ])('ignores %s', (name) => {
    expect(parseLogFileName(name)).toBeUndefined();
  });

  it('takes a multi-part checkpoint only when every part is there', () => {
    const torn = new LogListing([part(10, 1, 3), part(10, 3, 3), `${v(5)}.checkpoint.parquet`]);
    expect(torn.checkpoints.map((checkpoint) => checkpoint.version)).toEqual([5]);
    const whole = new LogListing([part(10, 1, 2), part(10, 2, 2)]);
    expect(whole.checkpoints).toEqual([
      { version: 10, paths: [`_delta_log/${part(10, 1, 2)}`, `_delta_log/${part(10, 2, 2)}`] },
    ]);
  });

  it('does not count one part twice, nor a part beyond the last', () => {
    expect(new LogListing([part(10, 1, 2), part(10, 3, 2)]).checkpoints).toEqual([]);
  });

  it('knows checkpoints with a UUID apart: they refer to files that this reader does not read', () => {
    const listing = new LogListing([`${v(4)}.checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.parquet`]);
    expect(listing.v2Checkpoints).toEqual([4]);
    expect(listing.latestVersion).toBeUndefined();
  });
});
