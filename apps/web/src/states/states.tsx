import type { ComponentChildren } from 'preact';
import type { Loadable } from '../api/loadable';
import { clockTime } from '../figures/format';

interface ShowProps<T> {
  readonly of: Loadable<T>;
  /** What is shown, for the sentences: "the batches". */
  readonly what: string;
  readonly retry: () => void;
  readonly children: (value: T) => ComponentChildren;
}

/** What was asked for, or what there is to say while it is not there, failed or is old. */
export function Show<T>({ of, what, retry, children }: ShowProps<T>) {
  switch (of.kind) {
    case 'loading':
      return <Loading what={what} />;
    case 'failed':
      return <Failed what={what} problem={of.problem} retry={retry} />;
    case 'ready':
      return (
        <>
          {of.problem !== null && <Stale asOf={of.asOf} problem={of.problem} retry={retry} />}
          {children(of.value)}
        </>
      );
  }
}

function Loading({ what }: { readonly what: string }) {
  return (
    <p class="state loading" role="status">
      <span class="spinner" aria-hidden="true" /> Reading {what} …
    </p>
  );
}

interface ProblemProps {
  readonly problem: string;
  readonly retry: () => void;
}

function Failed({ what, problem, retry }: ProblemProps & { readonly what: string }) {
  return (
    <div class="state failed" role="alert">
      <p>
        <strong>
          <span aria-hidden="true">✕ </span>There is no answer for {what}.
        </strong>
      </p>
      <p>{problem}</p>
      <button type="button" onClick={retry}>
        Try again
      </button>
    </div>
  );
}

function Stale({ asOf, problem, retry }: ProblemProps & { readonly asOf: Date }) {
  return (
    <div class="state stale" role="status">
      <p>
        <strong>
          <span aria-hidden="true">⚠ </span>As of {clockTime(asOf)}: it may have changed since.
        </strong>{' '}
        {problem}
      </p>
      <button type="button" onClick={retry}>
        Try again
      </button>
    </div>
  );
}

export function Empty({ children }: { readonly children: ComponentChildren }) {
  return <div class="state empty">{children}</div>;
}

export function Notice({ children }: { readonly children: ComponentChildren }) {
  return (
    <p class="state stale">
      <span aria-hidden="true">⚠ </span>
      {children}
    </p>
  );
}
