import { signedHeaders } from './sign-webhook';
import { secretForWebhooks, webhookSecret } from './webhook-secret';

/** The vector that the libraries of the Standard Webhooks project are tested with. */
const VECTOR = {
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  message: { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', body: '{"test": 2432232314}' },
  time: new Date(1_614_265_330_000),
  signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
};

function keyOf(secret: string): Buffer {
  const result = webhookSecret().safeParse(secret);
  if (!result.success) throw new Error(result.error.issues[0]?.message);
  return result.data;
}

describe('the signature of a webhook', () => {
  it('is that of the specification', () => {
    expect(signedHeaders(keyOf(VECTOR.secret), VECTOR.message, VECTOR.time)).toEqual({
      'webhook-id': VECTOR.message.id,
      'webhook-timestamp': '1614265330',
      'webhook-signature': VECTOR.signature,
    });
  });

  it.each([
    ['the body', { ...VECTOR, message: { ...VECTOR.message, body: '{"test": 2432232315}' } }],
    ['the id', { ...VECTOR, message: { ...VECTOR.message, id: 'msg_2' } }],
    ['the time', { ...VECTOR, time: new Date(1_614_265_331_000) }],
    ['the secret', { ...VECTOR, secret: 'whsec_NfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' }],
  ])('is another one for another value of %s', (_what, { secret, message, time }) => {
    expect(signedHeaders(keyOf(secret), message, time)['webhook-signature']).not.toBe(VECTOR.signature);
  });

  it('covers the bytes of the body, whatever its letters', () => {
    const headers = signedHeaders(keyOf(VECTOR.secret), { id: 'a', body: 'é€😀' }, VECTOR.time);
    expect(headers['webhook-signature']).toMatch(/^v1,[A-Za-z0-9+/]{43}=$/);
  });
});

describe('the setting of the secret', () => {
  const base64 = (bytes: number) => Buffer.alloc(bytes, 7).toString('base64');

  it.each([24, 25, 32, 64])('takes the base64 of %d bytes', (bytes) => {
    expect(keyOf(`whsec_${base64(bytes)}`)).toEqual(Buffer.alloc(bytes, 7));
  });

  it.each([
    ['no prefix', base64(32)],
    ['too few bytes', `whsec_${base64(23)}`],
    ['too many bytes', `whsec_${base64(65)}`],
    ['nothing after the prefix', 'whsec_'],
    ['no base64', 'whsec_this-is-a-password-of-some-length!'],
    ['cut base64', `whsec_${base64(32).slice(0, -2)}`],
    ['no text', 7],
  ])('refuses %s, and tells how to make one', (_what, value) => {
    const result = webhookSecret().safeParse(value);
    expect(result).toMatchObject({
      success: false,
      error: { issues: [{ message: expect.stringContaining('openssl rand') as unknown }] },
    });
  });

  it('is required where origins are allowed, and only there', () => {
    const webhookOrigins = ['https://client.example'];
    expect(secretForWebhooks({ webhookOrigins, webhookKey: undefined })).toMatchObject([
      { name: 'MILLRACE_WEBHOOK_SECRET', message: expect.stringContaining('openssl rand') as unknown },
    ]);
    expect(secretForWebhooks({ webhookOrigins, webhookKey: Buffer.alloc(32) })).toEqual([]);
    expect(secretForWebhooks({ webhookOrigins: [], webhookKey: undefined })).toEqual([]);
  });
});
