import { carriesToken } from './bearer';

const basic = (credentials: string) => `Basic ${Buffer.from(credentials).toString('base64')}`;

it.each([
  ['Bearer secret', true],
  ['bearer secret', true],
  [basic('anybody:secret'), true],
  [basic(':secret'), true],
  ['Bearer secret2', false],
  ['Bearer', false],
  ['secret', false],
  [basic('secret:'), false],
  ['Digest secret', false],
  ['', false],
  [undefined, false],
])('%s carries the token: %s', (authorization, expected) => {
  expect(carriesToken(authorization, 'secret')).toBe(expected);
});
