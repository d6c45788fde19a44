import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

const tsFiles = ['**/*.ts', '**/*.tsx'];

/** Who may import whom: `docs/architecture.md`. The last three rows of apps are the architecture. */
const layers = {
  domain: ['domain', 'testing'],
  'spark-connect': ['spark-connect', 'testing'],
  pipelines: ['domain', 'spark-connect', 'testing'],
  delta: ['domain', 'testing'],
  registry: ['domain', 'testing'],
  platform: ['domain', 'testing'],
  testing: ['domain', 'testing'],
  gateway: ['domain', 'registry', 'platform', 'testing'],
  orchestrator: ['domain', 'pipelines', 'spark-connect', 'registry', 'platform', 'testing'],
  results: ['domain', 'delta', 'registry', 'platform', 'testing'],
  web: ['domain'],
  tools: ['domain', 'spark-connect', 'pipelines', 'delta', 'registry', 'testing', 'tools'],
};

/** Packages from npm that a layer may use, where the layer is bound to few. */
const externals = {
  domain: ['zod'],
  'spark-connect': ['@grpc/*', '@bufbuild/*', 'apache-arrow'],
  pipelines: [],
  delta: ['@aws-sdk/*', '@duckdb/*', 'apache-arrow', 'hyparquet', 'fast-check'],
  registry: ['@prisma/*', 'pg'],
  web: ['@preact/*', 'echarts', 'echarts/*', 'preact', 'preact/*', 'vite'],
};

const depConstraints = Object.entries(layers).map(([layer, uses]) => ({
  sourceTag: `layer:${layer}`,
  onlyDependOnLibsWithTags: uses.map((used) => `layer:${used}`),
  ...(externals[layer] && { allowedExternalImports: externals[layer] }),
}));

export default tseslint.config(
  {
    ignores: [
      '**/dist/',
      '**/node_modules/',
      '**/generated/',
      '**/target/',
      '.nx/',
      '.millrace/',
      'coverage/',
    ],
  },
  {
    files: tsFiles,
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        { depConstraints, allow: [], banTransitiveDependencies: false },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      // Overflows its stack on a type that contains itself (8.73), as a literal's values do.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      'no-console': 'error',
      complexity: ['error', 10],
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true }],
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Settings are read in config.ts only.' },
      ],
    },
  },
  {
    files: [
      '**/config.ts',
      '**/config/*.ts',
      'libs/testing/**',
      'tools/**',
      '**/*.spec.ts',
      '**/*.fixture.ts',
    ],
    rules: { 'no-restricted-properties': 'off' },
  },
  { files: ['tools/**'], rules: { 'no-console': 'off' } },
  {
    files: ['**/*.spec.ts', 'libs/testing/**'],
    rules: { 'max-lines-per-function': 'off' },
  },
  prettier,
);
