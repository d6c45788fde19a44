import { consumed } from './consumed-version';

const merge = (version: number, end: object) => ({
  version,
  userMetadata: JSON.stringify({ queryId: 'q', batchId: 1, offsets: { source: { start: null, end } } }),
});
const at = (reservoirVersion: number, index = -1, isStartingVersion = false) => ({
  sourceVersion: 1,
  reservoirId: 'r',
  reservoirVersion,
  index,
  isStartingVersion,
});

describe('how far a query has read its source', () => {
  it('is the version before the one whose first file comes next', () => {
    expect(consumed([merge(3, at(8)), merge(2, at(7))])).toEqual({ tableVersion: 3, sourceVersion: 7 });
  });

  it('is what the newest commit of the sink says, whatever others did to the table since', () => {
    const optimize = { version: 5, userMetadata: null };
    const somebody = { version: 6, userMetadata: 'by hand' };
    expect(consumed([merge(4, at(8)), optimize, somebody, merge(3, at(7))])).toEqual({
      tableVersion: 6,
      sourceVersion: 7,
    });
  });

  it('is unknown in the middle of a version, and of what the table had at first', () => {
    expect(consumed([merge(3, at(8, 12))])).toEqual({ tableVersion: 3, sourceVersion: undefined });
    expect(consumed([merge(3, at(8, 12, true))])).toEqual({ tableVersion: 3, sourceVersion: undefined });
    expect(consumed([merge(3, at(8, -1, true))])).toEqual({ tableVersion: 3, sourceVersion: undefined });
  });

  it('is nothing where the sink has committed nothing', () => {
    expect(consumed([])).toBeUndefined();
    expect(consumed([{ version: 0, userMetadata: null }])).toBeUndefined();
    expect(consumed([merge(1, { '0': 5 })])).toBeUndefined();
  });
});
