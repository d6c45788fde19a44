import { kafkaSecurityOf, kafkajsSecurity, sparkKafkaSecurity } from './kafka-security';
import type { KafkaSecurityValues } from './kafka-security';

const PEM = '-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----\n';
const SCRAM: KafkaSecurityValues = {
  KAFKA_SECURITY_PROTOCOL: 'SASL_SSL',
  KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512',
  KAFKA_SASL_USERNAME: 'millrace',
  KAFKA_SASL_PASSWORD: 'a "b\\',
  KAFKA_SSL_CA_FILE: 'ca.pem',
};

const of = (values: KafkaSecurityValues, text: string | Error = PEM) =>
  kafkaSecurityOf(values, () => {
    if (text instanceof Error) throw text;
    return text;
  });

describe('the security of Kafka clients', () => {
  it('is none where nothing is set, or set to nothing', () => {
    for (const values of [{}, { KAFKA_SECURITY_PROTOCOL: '', KAFKA_SASL_PASSWORD: '' }]) {
      expect(of(values)).toEqual({ protocol: 'PLAINTEXT' });
      expect(kafkajsSecurity(of(values))).toEqual({});
      expect(sparkKafkaSecurity(of(values))).toEqual({});
    }
  });

  it('is a name and a password over TLS, the same for kafkajs and for Spark', () => {
    expect(kafkajsSecurity(of(SCRAM))).toEqual({
      ssl: { ca: [PEM] },
      sasl: { mechanism: 'scram-sha-512', username: 'millrace', password: 'a "b\\' },
    });
    expect(sparkKafkaSecurity(of(SCRAM))).toEqual({
      'kafka.security.protocol': 'SASL_SSL',
      'kafka.sasl.mechanism': 'SCRAM-SHA-512',
      'kafka.sasl.jaas.config':
        'org.apache.kafka.common.security.scram.ScramLoginModule required username="millrace" password="a \\"b\\\\";',
      'kafka.ssl.truststore.type': 'PEM',
      'kafka.ssl.truststore.certificates': PEM,
    });
  });

  it('trusts whom the machine trusts where no certificates are named', () => {
    const security = of({ KAFKA_SECURITY_PROTOCOL: 'SSL' });
    expect(kafkajsSecurity(security)).toEqual({ ssl: true });
    expect(sparkKafkaSecurity(security)).toEqual({ 'kafka.security.protocol': 'SSL' });
  });

  it('has the login of its mechanism', () => {
    const plain = of({
      ...SCRAM,
      KAFKA_SECURITY_PROTOCOL: 'SASL_PLAINTEXT',
      KAFKA_SASL_MECHANISM: 'PLAIN',
      KAFKA_SSL_CA_FILE: '',
    });
    expect(kafkajsSecurity(plain)).toMatchObject({ sasl: { mechanism: 'plain' } });
    expect(sparkKafkaSecurity(plain)['kafka.sasl.jaas.config']).toMatch(
      /^org\.\S+\.PlainLoginModule required /,
    );
  });

  it.each<[KafkaSecurityValues, string]>([
    [{ KAFKA_SECURITY_PROTOCOL: 'sasl_ssl' }, 'KAFKA_SECURITY_PROTOCOL: must be one of: PLAINTEXT, SSL,'],
    [{ ...SCRAM, KAFKA_SASL_MECHANISM: 'GSSAPI' }, 'KAFKA_SASL_MECHANISM: must be one of: PLAIN, SCRAM'],
    [
      { ...SCRAM, KAFKA_SASL_USERNAME: '' },
      'KAFKA_SASL_USERNAME: is required with KAFKA_SECURITY_PROTOCOL SASL_SSL',
    ],
    [{ ...SCRAM, KAFKA_SECURITY_PROTOCOL: 'SSL' }, 'KAFKA_SASL_PASSWORD: has no effect with'],
    [
      { KAFKA_SSL_CA_FILE: 'ca.pem' },
      'KAFKA_SSL_CA_FILE: has no effect with KAFKA_SECURITY_PROTOCOL PLAINTEXT',
    ],
  ])('refuses %j', (values, message) => {
    const refusal = expect(() => of(values));
    refusal.toThrow(message);
    refusal.not.toThrow('a "b');
  });

  it('refuses a file that cannot be read or holds no certificate', () => {
    expect(() => of(SCRAM, new Error('ENOENT: no such file ca.pem'))).toThrow('KAFKA_SSL_CA_FILE: ENOENT');
    expect(() => of(SCRAM, 'secret')).toThrow('KAFKA_SSL_CA_FILE: ca.pem holds no certificate in PEM');
  });
});
