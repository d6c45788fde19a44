import type { Type } from '@nestjs/common';
import { getSchemaPath } from '@nestjs/swagger';

type Reference = { readonly $ref: string };

/** The schema of something that has one of several forms; the models must be known to the document. */
export function oneOf(models: readonly Type[]): Reference | { readonly oneOf: Reference[] } {
  const references = models.map((model) => ({ $ref: getSchemaPath(model) }));
  const [only] = references;
  return references.length === 1 && only !== undefined ? only : { oneOf: references };
}
