import type { FastifyInstance } from 'fastify';

export interface Route {
  /** With its parameters: `/batch/status/:batchId`. */
  readonly url: string;
  readonly methods: readonly string[];
}

/** Which methods each path takes, so that a wrong method is told apart from a wrong path. */
export class RouteTable {
  private readonly routes: (Route & { readonly pattern: RegExp })[] = [];

  constructor(instance: FastifyInstance) {
    instance.addHook('onRoute', (route) => {
      if (route.url === '*' || route.url === '/*') return;
      this.routes.push({
        url: route.url,
        pattern: patternOf(route.url),
        methods: [route.method].flat(),
      });
    });
  }

  /** All of them, as they were declared. */
  list(): readonly Route[] {
    return this.routes.map(({ url, methods }) => ({ url, methods }));
  }

  methodsOf(url: string): readonly string[] {
    const path = url.split('?', 1)[0] ?? url;
    const methods = this.routes.filter((route) => route.pattern.test(path)).flatMap((route) => route.methods);
    return [...new Set(methods)].sort();
  }
}

function patternOf(url: string): RegExp {
  const source = url
    .split('/')
    .map((part) => {
      if (part.startsWith(':')) return '[^/]+';
      return part === '*' ? '.*' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    })
    .join('/');
  return new RegExp(`^${source}$`);
}
