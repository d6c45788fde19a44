import { FAST_RETRIES } from '../testing/scripted-session';
import { checkedSettings, type ClientSettings } from './client-settings';
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
    ['retryPolicy.initialBackoffMs', { retryPolicy: { maxRetries: 1 } }],
  ])('that cannot be is refused by its name: %s', (words, settings) => {
    const build = () => SparkSession.builder().clientSettings(settings);
    expect(build).toThrow(TypeError);
    expect(build).toThrow(words);
  });

  it('that is undefined is as if it were not there', () => {
    const settings: Partial<ClientSettings> = { connectTimeoutMs: 1, preferredArrowChunkBytes: undefined };
    expect(checkedSettings(settings)).toEqual({ connectTimeoutMs: 1 });
    expect(Object.keys(checkedSettings({ preferredArrowChunkBytes: undefined }))).toEqual([]);
  });

  it('may be without end, or none', () => {
    const settings = {
      unaryDeadlineMs: Number.POSITIVE_INFINITY,
      localRelationCacheThresholdBytes: 0,
      retryPolicy: { ...FAST_RETRIES, maxRetries: Number.POSITIVE_INFINITY },
    };
    expect(checkedSettings(settings)).toEqual(settings);
  });
});
