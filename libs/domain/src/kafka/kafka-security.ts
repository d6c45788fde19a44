/** How clients reach the brokers, as Kafka names it. */
export const KAFKA_SECURITY_PROTOCOLS = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'] as const;
export type KafkaSecurityProtocol = (typeof KAFKA_SECURITY_PROTOCOLS)[number];

export const KAFKA_SASL_MECHANISMS = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const;
export type KafkaSaslMechanism = (typeof KAFKA_SASL_MECHANISMS)[number];

/** The same for every client of Kafka: ours and Spark's. */
export interface KafkaSecurity {
  readonly protocol: KafkaSecurityProtocol;
  readonly sasl?: {
    readonly mechanism: KafkaSaslMechanism;
    readonly username: string;
    readonly password: string;
  };
  /** Certificates (PEM) of who may vouch for the brokers; absent: who vouches for everybody else. */
  readonly ca?: string;
}

export const NO_KAFKA_SECURITY: KafkaSecurity = { protocol: 'PLAINTEXT' };

/** What is set, each by the environment variable of that name; the file is read already. */
export interface KafkaSecurityValues {
  readonly KAFKA_SECURITY_PROTOCOL?: string | undefined;
  readonly KAFKA_SASL_MECHANISM?: string | undefined;
  readonly KAFKA_SASL_USERNAME?: string | undefined;
  readonly KAFKA_SASL_PASSWORD?: string | undefined;
  readonly KAFKA_SSL_CA_FILE?: string | undefined;
}
export type KafkaSecurityVariable = keyof KafkaSecurityValues;

export interface KafkaSecurityProblem {
  readonly name: KafkaSecurityVariable;
  readonly message: string;
}

/** A setting is missing, wrong or without effect. The message names every one, and no value that may be secret. */
export class WrongKafkaSecurity extends Error {
  override readonly name = 'WrongKafkaSecurity';

  constructor(readonly problems: readonly KafkaSecurityProblem[]) {
    super(problems.map(({ name, message }) => `${name}: ${message}`).join('\n'));
  }
}

const SASL_VARIABLES = ['KAFKA_SASL_MECHANISM', 'KAFKA_SASL_USERNAME', 'KAFKA_SASL_PASSWORD'] as const;

/**
 * The settings as one. What is set to nothing counts as not set.
 * @param readFile gives the text of the file with the certificates.
 * @throws WrongKafkaSecurity
 */
export function kafkaSecurityOf(
  values: KafkaSecurityValues,
  readFile: (path: string) => string,
): KafkaSecurity {
  const set = (name: KafkaSecurityVariable) => (values[name] === '' ? undefined : values[name]);
  const protocol = oneOf(KAFKA_SECURITY_PROTOCOLS, set('KAFKA_SECURITY_PROTOCOL') ?? 'PLAINTEXT');
  if (protocol === undefined)
    throw wrong('KAFKA_SECURITY_PROTOCOL', `must be one of: ${KAFKA_SECURITY_PROTOCOLS.join(', ')}`);
  const isSasl = protocol.startsWith('SASL_');
  const isTls = protocol.endsWith('SSL');
  const problems = [
    ...SASL_VARIABLES.flatMap((name) => misplaced(name, set(name), isSasl, protocol)),
    ...(isTls ? [] : misplaced('KAFKA_SSL_CA_FILE', set('KAFKA_SSL_CA_FILE'), false, protocol)),
  ];
  if (problems.length > 0) throw new WrongKafkaSecurity(problems);
  const caFile = set('KAFKA_SSL_CA_FILE');
  return {
    protocol,
    ...(isSasl && { sasl: saslOf(set) }),
    ...(isTls && caFile !== undefined && { ca: certificates(caFile, readFile) }),
  };
}

function saslOf(
  set: (name: KafkaSecurityVariable) => string | undefined,
): NonNullable<KafkaSecurity['sasl']> {
  const mechanism = oneOf(KAFKA_SASL_MECHANISMS, set('KAFKA_SASL_MECHANISM') ?? '');
  if (mechanism === undefined)
    throw wrong('KAFKA_SASL_MECHANISM', `must be one of: ${KAFKA_SASL_MECHANISMS.join(', ')}`);
  return {
    mechanism,
    username: set('KAFKA_SASL_USERNAME') ?? '',
    password: set('KAFKA_SASL_PASSWORD') ?? '',
  };
}

function misplaced(
  name: KafkaSecurityVariable,
  value: string | undefined,
  isWanted: boolean,
  protocol: KafkaSecurityProtocol,
): KafkaSecurityProblem[] {
  if (isWanted === (value !== undefined)) return [];
  // Whoever sets a password must not talk to the brokers in the open because of a forgotten protocol.
  const message = isWanted
    ? `is required with KAFKA_SECURITY_PROTOCOL ${protocol}`
    : `has no effect with KAFKA_SECURITY_PROTOCOL ${protocol}`;
  return [{ name, message }];
}

function certificates(path: string, readFile: (path: string) => string): string {
  let text: string;
  try {
    text = readFile(path);
  } catch (error) {
    throw wrong('KAFKA_SSL_CA_FILE', error instanceof Error ? error.message : String(error));
  }
  if (!text.includes('-----BEGIN CERTIFICATE-----'))
    throw wrong('KAFKA_SSL_CA_FILE', `${path} holds no certificate in PEM`);
  return text;
}

const wrong = (name: KafkaSecurityVariable, message: string) => new WrongKafkaSecurity([{ name, message }]);

const oneOf = <T extends string>(known: readonly T[], value: string): T | undefined =>
  known.find((each) => each === value);

const KAFKAJS_MECHANISMS = {
  PLAIN: 'plain',
  'SCRAM-SHA-256': 'scram-sha-256',
  'SCRAM-SHA-512': 'scram-sha-512',
} as const satisfies Record<KafkaSaslMechanism, string>;

/** For the constructor of a kafkajs client. */
export interface KafkajsSecurity {
  readonly ssl?: true | { ca: string[] };
  readonly sasl?: KafkajsSasl;
}

type KafkajsMechanism = (typeof KAFKAJS_MECHANISMS)[KafkaSaslMechanism];
/** kafkajs has a type for each mechanism; all three take a name and a password. */
type KafkajsSasl = {
  [M in KafkajsMechanism]: { mechanism: M; username: string; password: string };
}[KafkajsMechanism];

export function kafkajsSecurity({ protocol, sasl, ca }: KafkaSecurity): KafkajsSecurity {
  return {
    ...(protocol.endsWith('SSL') && { ssl: ca === undefined ? (true as const) : { ca: [ca] } }),
    ...(sasl && { sasl: { ...sasl, mechanism: KAFKAJS_MECHANISMS[sasl.mechanism] } }),
  };
}

/**
 * Options of Spark's Kafka source. They hold the password: `spark.sql.redaction.string.regex` and `spark.redaction.regex`
 * (conf/spark-defaults.conf) keep it out of what Spark shows.
 */
export function sparkKafkaSecurity({ protocol, sasl, ca }: KafkaSecurity): Readonly<Record<string, string>> {
  return {
    ...(protocol !== 'PLAINTEXT' && { 'kafka.security.protocol': protocol }),
    ...(sasl && {
      'kafka.sasl.mechanism': sasl.mechanism,
      'kafka.sasl.jaas.config': jaasConfig(sasl),
    }),
    // Certificates by value: no file must be on every machine of the cluster.
    ...(ca !== undefined && {
      'kafka.ssl.truststore.type': 'PEM',
      'kafka.ssl.truststore.certificates': ca,
    }),
  };
}

function jaasConfig({ mechanism, username, password }: NonNullable<KafkaSecurity['sasl']>): string {
  const login =
    mechanism === 'PLAIN'
      ? 'org.apache.kafka.common.security.plain.PlainLoginModule'
      : 'org.apache.kafka.common.security.scram.ScramLoginModule';
  return `${login} required username=${quoted(username)} password=${quoted(password)};`;
}

/** As the tokenizer of JAAS reads it back. */
const quoted = (value: string) => `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
