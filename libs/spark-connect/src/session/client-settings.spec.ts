import { DEFAULT_RETRY_POLICY } from '../channel/retry-policy';
import { FAST_RETRIES } from '../testing/scripted-session';
import { changedSettings, DEFAULT_CLIENT_SETTINGS, type ClientSettingsChange } from './client-settings';
import { SparkSession } from './spark-session';

describe('a setting', () => {
  it.each<[string, object]>([
    ['unaryDeadlineMs must be a positive number of milliseconds, not NaN', { unaryDeadlineMs: Number.NaN }],
    ['analyzeDeadlineMs must be a positive number of milliseconds, not 0', { analyzeDeadlineMs: 0 }],
    ['errorDetailsDeadlineMs', { errorDetailsDeadlineMs: -1 }],
    ['streamIdleTimeoutMs', { streamIdleTimeoutMs: 0 }],
    ['uploadDeadlineMs', { uploadDeadlineMs: Number.NaN }],
    ['connectTimeoutMs', { connectTimeoutMs: Number.NEGATIVE_INFINITY }],
    ['localRelationCacheThresholdBytes', { localRelationCacheThresholdBytes: -1 }],
    ['preferredArrowChunkBytes', { preferredArrowChunkBytes: 1.5 }],
    ['retryPolicy.maxRetries', { retryPolicy: { ...FAST_RETRIES, maxRetries: -1 } }],
    ['retryPolicy.jitterMs', { retryPolicy: { jitterMs: Number.NaN } }],
  ])('that cannot be is refused by its name: %s', (words, settings) => {
    const build = () => SparkSession.builder().clientSettings(settings);
    expect(build).toThrow(TypeError);
    expect(build).toThrow(words);
  });

  it('that is undefined is as if it were not there', () => {
    const nothing = {
      connectTimeoutMs: undefined,
      preferredArrowChunkBytes: undefined,
      retryPolicy: undefined,
    } as unknown as ClientSettingsChange;
    expect(changedSettings(DEFAULT_CLIENT_SETTINGS, nothing)).toStrictEqual(DEFAULT_CLIENT_SETTINGS);
  });

  it('of the retry policy changes that one only', () => {
    const once = changedSettings(DEFAULT_CLIENT_SETTINGS, { retryPolicy: { maxRetries: 1 } });
    expect(once.retryPolicy).toEqual({ ...DEFAULT_RETRY_POLICY, maxRetries: 1 });
    const faster = changedSettings(once, { retryPolicy: { initialBackoffMs: 5 } });
    expect(faster.retryPolicy).toEqual({ ...DEFAULT_RETRY_POLICY, maxRetries: 1, initialBackoffMs: 5 });
  });

  it('may be without end, or none', () => {
    const settings = {
      unaryDeadlineMs: Number.POSITIVE_INFINITY,
      localRelationCacheThresholdBytes: 0,
      retryPolicy: { ...FAST_RETRIES, maxRetries: Number.POSITIVE_INFINITY },
    };
    expect(changedSettings(DEFAULT_CLIENT_SETTINGS, settings)).toMatchObject(settings);
  });
});
