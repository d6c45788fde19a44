import { ResultsFixture } from '../results.fixture';

describe('health of the results service', () => {
  let results: ResultsFixture;

  beforeEach(async () => {
    results = await ResultsFixture.create();
  });

  afterEach(async () => {
    await results.close();
  });

  it('is live and ready without any token', async () => {
    const live = await results.get('/health/live', { authorization: '' });
    expect(live.json()).toEqual({ status: 'live' });
    const ready = await results.get('/health/ready', { authorization: '' });
    expect(ready.statusCode).toBe(200);
    expect(ready.json()).toEqual({
      status: 'ready',
      checks: { postgres: true, tables: true, accepting: true },
    });
  });

  it('is live but not ready while Postgres does not answer', async () => {
    results.isRegistryAway = true;
    expect((await results.get('/health/live')).statusCode).toBe(200);
    const ready = await results.get('/health/ready');
    expect(ready.statusCode).toBe(503);
    expect(ready.json()).toMatchObject({
      error: 'SERVICE_UNAVAILABLE',
      message: 'Not ready: postgres',
      checks: { postgres: false, tables: true },
    });
  });

  it('is not ready while the store of the tables does not answer', async () => {
    results.isStoreAway = true;
    const ready = await results.get('/health/ready');
    expect(ready.statusCode).toBe(503);
    expect(ready.json()).toMatchObject({
      message: 'Not ready: tables',
      checks: { postgres: true, tables: false },
    });
  });
});
