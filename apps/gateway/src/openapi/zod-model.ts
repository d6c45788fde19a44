import { createZodDto } from 'nestjs-zod';
import type { z } from 'zod';

type Property = Record<string, unknown>;

/**
 * A model of the document from a schema. As `createZodDto`, but Nest takes a list of types (`string | null`) for the
 * type of a list, so each such property is written as a choice of types instead.
 */
export function zodModel<T extends z.ZodType>(schema: T) {
  const model = createZodDto(schema);
  const describe = model._OPENAPI_METADATA_FACTORY.bind(model) as unknown as () => Record<string, Property>;
  return Object.assign(model, {
    _OPENAPI_METADATA_FACTORY: () =>
      Object.fromEntries(
        Object.entries(describe()).map(([name, property]) => [name, withoutTypeList(property)]),
      ),
  });
}

function withoutTypeList(property: Property): Property {
  const { type } = property;
  return Array.isArray(type)
    ? { ...property, type: '', anyOf: type.map((it: unknown) => ({ type: it })) }
    : property;
}
