import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const SOURCES_OF_DOMAIN = /\/libs\/domain\/src\//;

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  logLevel: 'warn',
  resolve: { conditions: ['@millrace/source', 'module', 'browser', 'production'] },
  build: {
    outDir: 'dist/public',
    emptyOutDir: true,
    // What can colour by `light-dark()`.
    target: ['chrome123', 'edge123', 'firefox120', 'safari17.5'],
    // Images in the style sheet would be `data:` addresses, which the policy of the pages does not let in.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    // Of the domain the pages need a few constants; its schemas stay out.
    rolldownOptions: { treeshake: { moduleSideEffects: (id) => !SOURCES_OF_DOMAIN.test(id) } },
  },
});
