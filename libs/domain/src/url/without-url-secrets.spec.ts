import { withoutUrlSecrets } from './without-url-secrets';

describe('a URL without its secrets', () => {
  it.each([
    [
      'https://user:hunter2@client.example:8443/hook/a?token=hunter3#hunter4',
      'https://client.example:8443/hook/a',
    ],
    ['http://client.example', 'http://client.example/'],
  ])('keeps where %s goes, and nothing else', (url, shown) => {
    expect(withoutUrlSecrets(url)).toBe(shown);
  });

  it('shows nothing of a text that is no URL', () => {
    expect(withoutUrlSecrets('user:hunter2@')).not.toContain('hunter2');
    expect(withoutUrlSecrets('hunter2')).not.toContain('hunter2');
  });
});
