import type { DatasetField } from './dataset-field';
import { jsonPath } from './dataset-problem';
import type { DatasetProblem } from './dataset-problem';
import { columnNameOf } from './field-name';
import type { Conditional } from './weights';

type Steps = readonly (string | number)[];

/** A mention of another field. */
interface Reference {
  /** Within the field that mentions it. */
  readonly steps: Steps;
  readonly column: string;
  /** Values that it is asked for, each a key at these steps. */
  readonly asked?: { readonly steps: Steps; readonly values: readonly string[] };
}

function conditionalReference(conditional: Conditional<unknown>, steps: Steps): Reference {
  const asked = { steps: [...steps, 'cases'], values: Object.keys(conditional.cases) };
  return { steps: [...steps, 'field'], column: conditional.field, asked };
}

/** The earlier fields that a field needs. */
function referencesOf(field: DatasetField): readonly Reference[] {
  switch (field.type) {
    case 'category':
    case 'boolean':
      return field.conditional === undefined
        ? []
        : [conditionalReference(field.conditional, ['conditional'])];
    case 'latitude':
    case 'longitude':
      return geoReferences(field);
    case 'derived':
      if (field.operation === 'concat') {
        return field.fields.map((column, index) => ({ steps: ['fields', index], column }));
      }
      return [
        {
          steps: ['field'],
          column: field.field,
          asked: { steps: ['map'], values: Object.keys(field.map) },
        },
      ];
    default:
      return [];
  }
}

type GeoField = Extract<DatasetField, { readonly type: 'latitude' | 'longitude' }>;

function geoReferences({ of, area }: GeoField): readonly Reference[] {
  if (of !== undefined) return [{ steps: ['of'], column: of }];
  if (area?.type !== 'centres' || area.conditional === undefined) return [];
  return [conditionalReference(area.conditional, ['area', 'conditional'])];
}

/** Every value that a field can have, written as in CSV; undefined: too many to say. */
function valuesOf(field: DatasetField): ReadonlySet<string> | undefined {
  switch (field.type) {
    case 'category': {
      const cases = Object.values(field.conditional?.cases ?? {});
      return new Set([field.choices, ...cases].flatMap((choices) => Object.keys(choices)));
    }
    case 'boolean':
      return new Set(['true', 'false']);
    case 'constant':
      return new Set([String(field.value)]);
    case 'derived':
      return field.operation === 'lookup'
        ? new Set([...Object.values(field.map), field.default ?? ''].map(String))
        : undefined;
    default:
      return undefined;
  }
}

/** Names that are taken, references that do not lead to an earlier field, and cases that never happen. */
export function referenceProblems(fields: readonly DatasetField[]): readonly DatasetProblem[] {
  const indexes = new Map<string, number>();
  return fields.flatMap((field, index) => {
    const column = columnNameOf(field.name);
    const earlier = indexes.get(column);
    indexes.set(column, earlier ?? index);
    const taken = earlier === undefined ? [] : [takenName(index, earlier)];
    return [...taken, ...referencesOf(field).flatMap((reference) => check(fields, index, reference))];
  });
}

const takenName = (index: number, earlier: number): DatasetProblem => ({
  path: jsonPath(['fields', index, 'name']),
  message: `must differ from the name of fields[${earlier}], by more than capitals and blanks`,
});

function check(fields: readonly DatasetField[], index: number, reference: Reference): DatasetProblem[] {
  const path = jsonPath(['fields', index, ...reference.steps]);
  const at = fields.findIndex(({ name }) => columnNameOf(name) === reference.column);
  const target = fields[at];
  if (target === undefined) {
    return [{ path, message: `must be the name of an earlier field; none is called ${reference.column}` }];
  }
  if (at >= index) {
    const where = at === index ? 'is this one' : 'comes later';
    return [{ path, message: `must be the name of an earlier field; ${reference.column} ${where}` }];
  }
  const field = fields[index];
  if (reference.steps[0] === 'of' && field !== undefined) return pairProblems(field, target, path);
  return unknownValues(target, index, reference);
}

function pairProblems(field: DatasetField, target: DatasetField, path: string): DatasetProblem[] {
  const wanted = field.type === 'latitude' ? 'longitude' : 'latitude';
  if (target.type === wanted && target.area !== undefined) return [];
  return [{ path, message: `must be the name of a ${wanted} with an area` }];
}

const SHOWN_VALUES = 10;

function unknownValues(target: DatasetField, index: number, { asked }: Reference): DatasetProblem[] {
  const known = valuesOf(target);
  if (known === undefined || asked === undefined) return [];
  const shown = [...known].slice(0, SHOWN_VALUES).join(', ');
  const list = known.size > SHOWN_VALUES ? `${shown}, …` : shown;
  return asked.values
    .filter((value) => !known.has(value))
    .map((value) => ({
      path: jsonPath(['fields', index, ...asked.steps, value]),
      message: `must be a value of ${columnNameOf(target.name)}; its values are: ${list}`,
    }));
}
