import { ServiceUnavailable } from '@millrace/domain';

const REFUSALS: ReadonlySet<string> = new Set([
  'AccessDenied',
  'AllAccessDisabled',
  'ExpiredToken',
  'Forbidden',
  'InvalidAccessKeyId',
  'InvalidToken',
  'SignatureDoesNotMatch',
]);
const OTHER_REGION: ReadonlySet<string> = new Set([
  'AuthorizationHeaderMalformed',
  'IllegalLocationConstraintException',
  'PermanentRedirect',
]);

/** Why a request to an object store failed, in one sentence with what to do. Holds no more of the error than its text. */
export function s3Failure(bucket: string, error: unknown): ServiceUnavailable {
  const { name, code, message } = partsOf(error);
  // The error itself holds the request, which is signed.
  const cause = new Error(`${name}: ${message}`);
  return new ServiceUnavailable(sentence(bucket, name, code, message), { cause });
}

/** Whether a store says that there is no such object, and not that there is no such bucket. */
export function isAbsent(error: unknown): boolean {
  const { name } = partsOf(error);
  return name === 'NoSuchKey' || name === 'NotFound';
}

function sentence(bucket: string, name: string, code: string | undefined, message: string): string {
  if (name === 'NoSuchBucket') {
    return `There is no bucket ${bucket}: make it, or set DELTA_BASE_PATH to where the Delta tables are`;
  }
  if (name === 'CredentialsProviderError') {
    return `There are no credentials for the bucket ${bucket}: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give the process a role`;
  }
  if (OTHER_REGION.has(name) || /region is missing/i.test(message)) {
    return `The region of the bucket ${bucket} is not known: set AWS_REGION to it`;
  }
  if (REFUSALS.has(name)) {
    return `The object store refuses the bucket ${bucket} (${name}): its credentials must be allowed to list the bucket and to read its objects`;
  }
  return `The object store of the bucket ${bucket} does not answer (${code ?? name}): see that it runs, and that AWS_ENDPOINT_URL_S3 is its address`;
}

/** As Node spells them. */
const NETWORK_CODE = /\bE[A-Z]{5,}\b/;

/** By shape: the client makes some of its errors in another realm than ours, and wraps those of Node that it takes for such. */
function partsOf(error: unknown): { name: string; code: string | undefined; message: string } {
  if (typeof error !== 'object' || error === null)
    return { name: 'Error', code: undefined, message: String(error) };
  const { name, code, message } = error as { name?: unknown; code?: unknown; message?: unknown };
  return {
    name: typeof name === 'string' ? name : 'Error',
    code: typeof code === 'string' ? code : NETWORK_CODE.exec(String(message))?.[0],
    message: typeof message === 'string' ? message : '',
  };
}
