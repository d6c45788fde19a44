/** @fastify/static requires the one, libs/delta imports the other; Node can load ES modules from ours and Jest cannot. */
const ES_MODULES = '/node_modules/(content-disposition|hyparquet)/';

const transform = {
  '^.+\\.ts$': [
    '@swc/jest',
    {
      jsc: {
        target: 'es2022',
        parser: { syntax: 'typescript', decorators: true },
        transform: { legacyDecorator: true, decoratorMetadata: true },
        keepClassNames: true,
      },
      module: { type: 'commonjs' },
    },
  ],
  [`${ES_MODULES}.+\\.js$`]: [
    '@swc/jest',
    { jsc: { target: 'es2022', parser: { syntax: 'ecmascript' } }, module: { type: 'commonjs' } },
  ],
};

/** Specs beside the source, by what they need: nothing, real Postgres and Redis, or real Kafka and Spark. */
const project = (displayName, suffix, extra = {}) => ({
  displayName,
  rootDir: import.meta.dirname,
  roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/tools'],
  testMatch: [`**/src/**/*${suffix}.spec.ts`],
  transform,
  transformIgnorePatterns: ['/node_modules/(?!(content-disposition|hyparquet)/)'],
  modulePathIgnorePatterns: ['/dist/', '/.millrace/'],
  testEnvironmentOptions: { customExportConditions: ['@millrace/source', 'require', 'node', 'default'] },
  ...extra,
});

export default {
  projects: [
    project('unit', '', { testPathIgnorePatterns: ['/node_modules/', '\\.(int|live)\\.spec\\.ts$'] }),
    project('integration', '.int'),
    project('live', '.live'),
  ],
  testTimeout: 30_000,
};
