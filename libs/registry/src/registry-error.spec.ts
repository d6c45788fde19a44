import { answered, isConnectionFailure } from './registry-error';

const coded = (code: string) => Object.assign(new Error('a text that says nothing'), { code });

describe('a failure of the connection', () => {
  it.each([
    'ECONNREFUSED',
    'ECONNRESET',
    'ENOTFOUND',
    '08006',
    '57P01',
    '57P03',
    '53300',
    '57014',
    'P1001',
    'P2024',
  ])('is told by the code %s', (code) => {
    expect(isConnectionFailure(coded(code))).toBe(true);
  });

  it.each([
    'Connection terminated unexpectedly',
    'Connection terminated due to connection timeout',
    'timeout exceeded when trying to connect',
    'Query read timeout',
    'Client has encountered a connection error and is not queryable',
  ])('is told by the text that pg gives without a code: %s', (message) => {
    expect(isConnectionFailure(new Error(message))).toBe(true);
  });

  it('is found behind an error that wraps it', () => {
    expect(isConnectionFailure(new Error('outer', { cause: coded('ECONNREFUSED') }))).toBe(true);
  });

  it("is found in what Prisma keeps of the driver's error", () => {
    const meta = { driverAdapterError: { message: 'DriverAdapterError', cause: { code: '57P01' } } };
    expect(isConnectionFailure(Object.assign(coded('P2039'), { meta }))).toBe(true);
  });

  it.each(['23505', '42P01', '3D000', '28P01', 'P2002'])('is not the answer %s of Postgres', (code) => {
    expect(isConnectionFailure(coded(code))).toBe(false);
  });
});

describe('a statement that must be answered', () => {
  it('gives its result', async () => {
    expect(await answered(() => Promise.resolve(7))).toBe(7);
  });

  it('fails as SERVICE_UNAVAILABLE with the cause kept when Postgres is away', async () => {
    const cause = coded('ECONNREFUSED');
    const failure = answered(() => Promise.reject(cause));
    await expect(failure).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE', cause });
  });

  it('fails with what Postgres answered otherwise', async () => {
    const refusal = coded('23505');
    await expect(answered(() => Promise.reject(refusal))).rejects.toBe(refusal);
  });
});
