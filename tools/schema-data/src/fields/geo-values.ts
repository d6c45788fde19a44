import type { Area, Centre, GeoField } from '@millrace/domain';
import type { Random } from '@millrace/generator';
import { WeightedValues } from '../cumulative-weights';
import { byCase } from './by-case';
import type { FieldContext, FieldValue, MakeValue, Point } from './field-value';
import { roundingTo } from './number-values';

/** Mean radius of the earth (IUGG). */
const EARTH_RADIUS_KM = 6371.0088;
const DEGREES = 180 / Math.PI;

/** Moves the point to where the next record is. */
type MovePoint = (point: Point, record: readonly FieldValue[]) => void;

/** @param index of this field. */
export function geoValues(field: GeoField, index: number, context: FieldContext): MakeValue {
  const round = roundingTo(field.decimals);
  const { type: half, area, of } = field;
  if (area === undefined) return otherHalf(half, context.indexOf(of ?? ''), round, context);
  const point: Point = { latitude: 0, longitude: 0 };
  context.points.set(index, point);
  const move = movesIn(area, context);
  return (record) => {
    move(point, record);
    return round(point[half]);
  };
}

/** Where the one half is null the other is, too: half a place is none. */
function otherHalf(
  half: GeoField['type'],
  holder: number,
  round: (degrees: number) => number,
  { points }: FieldContext,
): MakeValue {
  const point = points.get(holder);
  return (record) => (record[holder] === null || point === undefined ? null : round(point[half]));
}

function movesIn(area: Area, context: FieldContext): MovePoint {
  const { random } = context;
  if (area.type === 'box') return boxMoves(area, random);
  const centresOf = byCase(
    area.centres,
    area.conditional,
    context,
    (centres) =>
      new WeightedValues(
        centres,
        centres.map(({ weight }) => weight),
      ),
  );
  return (point, record) => {
    moveAround(centresOf(record).at(random.next()), point, random);
  };
}

/** All of the area is equally likely: parallels are shorter near the poles. */
function boxMoves(box: Extract<Area, { type: 'box' }>, random: Random): MovePoint {
  const lowest = Math.sin(box.south / DEGREES);
  const highest = Math.sin(box.north / DEGREES);
  const width = box.east < box.west ? box.east - box.west + 360 : box.east - box.west;
  return (point) => {
    const latitude = Math.asin(lowest + random.precise() * (highest - lowest)) * DEGREES;
    point.latitude = Math.min(box.north, Math.max(box.south, latitude));
    point.longitude = normalised(box.west + random.precise() * width);
  };
}

/** All of the circle is equally likely. */
function moveAround(centre: Centre, point: Point, random: Random): void {
  const distance = (centre.radiusKm / EARTH_RADIUS_KM) * Math.sqrt(random.precise());
  const bearing = 2 * Math.PI * random.precise();
  const latitude = centre.latitude / DEGREES;
  const sine =
    Math.sin(latitude) * Math.cos(distance) + Math.cos(latitude) * Math.sin(distance) * Math.cos(bearing);
  const eastward = Math.atan2(
    Math.sin(bearing) * Math.sin(distance) * Math.cos(latitude),
    Math.cos(distance) - Math.sin(latitude) * sine,
  );
  point.latitude = Math.asin(Math.min(1, Math.max(-1, sine))) * DEGREES;
  point.longitude = normalised(centre.longitude + eastward * DEGREES);
}

/** From -180 to 180. */
function normalised(longitude: number): number {
  if (longitude > 180) return longitude - 360;
  return longitude < -180 ? longitude + 360 : longitude;
}
