import type { ErrorBody } from '@millrace/domain';

/** An answer that is no success, or none at all. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';

  constructor(
    message: string,
    /** 0: nobody answered. */
    readonly status: number,
  ) {
    super(message);
  }
}

/**
 * @param path of the API that these pages come from.
 * @throws ApiProblem with a sentence for people.
 */
export async function getJson<T>(path: string): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, { headers: { accept: 'application/json' } });
  } catch {
    throw new ApiProblem('The gateway does not answer: is Millrace running, and is the network there?', 0);
  }
  if (response.ok) return (await response.json()) as T;
  throw new ApiProblem(await sentenceOf(response), response.status);
}

async function sentenceOf(response: Response): Promise<string> {
  if (response.status === 401) {
    return 'The API asks for its token: load this page again, and give the token as the password, with any name.';
  }
  try {
    const { message } = (await response.json()) as Partial<ErrorBody>;
    if (typeof message === 'string') return message;
  } catch {
    // A proxy answers in its own way.
  }
  return `The gateway answered ${String(response.status)} ${response.statusText}`.trim();
}
