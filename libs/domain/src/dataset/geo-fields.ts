import { z } from 'zod';
import { closedObject } from './closed-object';
import { checkDecimals, decimalsSchema } from './decimals';
import { commonFieldShape, fieldReferenceSchema } from './field-name';
import { conditionalSchema, weightSchema } from './weights';

const latitude = z.number().min(-90).max(90);
const longitude = z.number().min(-180).max(180);

/** Points spread evenly over a circle. */
const centreSchema = closedObject({
  latitude,
  longitude,
  radiusKm: z.number().positive().max(2_000),
  weight: weightSchema.default(1),
});

const centresSchema = z
  .array(centreSchema)
  .min(1)
  .max(1_000)
  .refine((centres) => centres.some(({ weight }) => weight > 0), { error: 'must have a weight above 0' });

/** Where points lie. */
const areaSchema = z.discriminatedUnion('type', [
  closedObject({
    type: z.literal('box'),
    south: latitude,
    west: longitude,
    north: latitude,
    /** Below `west` where the box crosses the 180th meridian. */
    east: longitude,
  }).refine(({ south, north }) => south <= north, { path: ['north'], error: 'must not be below south' }),
  closedObject({
    type: z.literal('centres'),
    centres: centresSchema,
    /** Other centres by the value of an earlier field. */
    conditional: conditionalSchema(centresSchema).optional(),
  }),
]);

const pointShape = {
  ...commonFieldShape,
  /** Where the points of the pair lie. */
  area: areaSchema.optional(),
  /** The other half of the pair, which has the area. */
  of: fieldReferenceSchema.optional(),
  decimals: decimalsSchema.default(6),
};

interface PointField {
  readonly area?: z.infer<typeof areaSchema> | undefined;
  readonly of?: string | undefined;
  readonly decimals: number;
}

function checkPoint({ area, of, decimals }: PointField, context: z.RefinementCtx): void {
  if ((area === undefined) === (of === undefined)) {
    const message = 'must have either an area, or of: the other half of the pair';
    context.addIssue({ code: 'custom', path: [], message });
  }
  if (area?.type !== 'box') return;
  const { south, west, north, east } = area;
  for (const [name, limit] of Object.entries({ south, west, north, east })) {
    checkDecimals(limit, decimals, ['area', name], context);
  }
}

export const latitudeFieldSchema = closedObject({ ...pointShape, type: z.literal('latitude') }).superRefine(
  checkPoint,
);
export const longitudeFieldSchema = closedObject({ ...pointShape, type: z.literal('longitude') }).superRefine(
  checkPoint,
);

export type Area = z.infer<typeof areaSchema>;
export type Centre = z.infer<typeof centreSchema>;
export type GeoField = z.infer<typeof latitudeFieldSchema> | z.infer<typeof longitudeFieldSchema>;
