import { InvalidRequest } from '@millrace/domain';

/** Of a query that is broken all over, some say enough. */
const MOST_DETAILS = 20;

/**
 * Refuses parameters that are no UTF-8, which the framework takes for the texts that they are written as.
 * @throws InvalidRequest with a detail for each of them.
 */
export function requireDecodableQuery(url: string): void {
  const start = url.indexOf('?');
  const parameters = start === -1 ? [] : url.slice(start + 1).split('&');
  const details = parameters
    .filter((parameter) => !isDecodable(parameter))
    .slice(0, MOST_DETAILS)
    .map((parameter) => ({
      path: parameter.split('=', 1).join(),
      message: 'must be UTF-8, percent-encoded: a % of its own is %25',
    }));
  if (details.length > 0) throw new InvalidRequest(details);
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
