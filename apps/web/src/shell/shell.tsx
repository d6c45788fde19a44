import type { ComponentChildren } from 'preact';
import type { Route } from './route';
import { THEMES, theme } from './theme';

const PAGES = [
  { href: '/batches', name: 'Batches', own: ['batches', 'batch'] },
  { href: '/ops/queues', name: 'Queues', own: [] },
  { href: '/docs', name: 'API', own: [] },
];

interface ShellProps {
  readonly route: Route;
  readonly children: ComponentChildren;
}

/** What is around every page. */
export function Shell({ route, children }: ShellProps) {
  return (
    <>
      <a class="skip" href="#content">
        Skip to content
      </a>
      <header class="bar">
        <a class="brand" href="/batches">
          Millrace
        </a>
        <nav aria-label="Pages">
          {PAGES.map(({ href, name, own }) => (
            <a key={href} href={href} aria-current={own.includes(route.page) ? 'page' : undefined}>
              {name}
            </a>
          ))}
        </nav>
        <ThemeSwitch />
      </header>
      <main id="content" tabIndex={-1}>
        {children}
      </main>
    </>
  );
}

function ThemeSwitch() {
  return (
    <label class="theme">
      <span>Colours</span>
      <select
        value={theme.value}
        onChange={({ currentTarget }) => {
          theme.value = THEMES.find((one) => one === currentTarget.value) ?? 'system';
        }}
      >
        {THEMES.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </label>
  );
}
