import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { ProtocolError } from '../errors/spark-connect-error';
import {
  DataTypeSchema,
  type DataType as DataTypeMessage,
  type DataType_StructField,
} from '../generated/spark/connect/types_pb';
import {
  ArrayType,
  CharType,
  CollatedStringType,
  DayTimeIntervalType,
  DecimalType,
  MapType,
  StringType,
  StructField,
  StructType,
  VarcharType,
  YearMonthIntervalType,
  type AtomicTypeName,
  type DataType,
  type IntervalType,
  type SizedStringType,
} from './data-type';

type Kind = Exclude<DataTypeMessage['kind']['case'], undefined>;
type KindInit = NonNullable<MessageInitShape<typeof DataTypeSchema>['kind']>;

const CASE_OF_ATOMIC = {
  void: 'null',
  string: 'string',
  binary: 'binary',
  boolean: 'boolean',
  tinyint: 'byte',
  smallint: 'short',
  int: 'integer',
  bigint: 'long',
  float: 'float',
  double: 'double',
  date: 'date',
  timestamp: 'timestamp',
  timestamp_ntz: 'timestampNtz',
  interval: 'calendarInterval',
  variant: 'variant',
} as const satisfies Record<AtomicTypeName, Kind>;

const DEFAULT_COLLATION = 'UTF8_BINARY';

const ATOMIC_OF_CASE = new Map<string, AtomicTypeName>(
  Object.entries(CASE_OF_ATOMIC).map(([name, kind]) => [kind, name as AtomicTypeName]),
);

/** The protocol's message of a type. */
export function dataTypeToProto(type: DataType): DataTypeMessage {
  return create(DataTypeSchema, { kind: kindOf(type) });
}

function kindOf(type: DataType): KindInit {
  switch (type.kind) {
    case 'decimal':
      return { case: 'decimal', value: { precision: type.precision, scale: type.scale } };
    case 'char':
      return { case: 'char', value: { length: type.length } };
    case 'varchar':
      return { case: 'varChar', value: { length: type.length } };
    case 'year_month_interval':
      return { case: 'yearMonthInterval', value: { startField: type.startField, endField: type.endField } };
    case 'day_time_interval':
      return { case: 'dayTimeInterval', value: { startField: type.startField, endField: type.endField } };
    case 'string':
      return { case: 'string', value: { collation: type.collation ?? DEFAULT_COLLATION } };
    default:
      return nestedKindOf(type);
  }
}

function nestedKindOf(type: Exclude<DataType, DecimalType | SizedStringType | IntervalType>): KindInit {
  switch (type.kind) {
    case 'array':
      return {
        case: 'array',
        value: { elementType: dataTypeToProto(type.elementType), containsNull: type.containsNull },
      };
    case 'map':
      return mapKind(type);
    case 'struct':
      return { case: 'struct', value: { fields: type.fields.map(fieldInit) } };
    case 'udt':
      return { case: 'udt', value: { type: 'udt', sqlType: dataTypeToProto(type.sqlType) } };
    default:
      return { case: CASE_OF_ATOMIC[type.kind], value: {} };
  }
}

function mapKind(type: MapType): KindInit {
  const { valueContainsNull } = type;
  const [keyType, valueType] = [dataTypeToProto(type.keyType), dataTypeToProto(type.valueType)];
  return { case: 'map', value: { keyType, valueType, valueContainsNull } };
}

function fieldInit(field: StructField) {
  const hasMetadata = Object.keys(field.metadata).length > 0;
  return {
    name: field.name,
    dataType: dataTypeToProto(field.dataType),
    nullable: field.nullable,
    ...(hasMetadata ? { metadata: JSON.stringify(field.metadata) } : {}),
  };
}

/**
 * The type a message says.
 * @throws ProtocolError when it says none.
 */
export function dataTypeFromProto(message: DataTypeMessage | undefined): DataType {
  const kind = message?.kind;
  switch (kind?.case) {
    case 'decimal':
      return new DecimalType(kind.value.precision, kind.value.scale);
    case 'char':
      return new CharType(kind.value.length);
    case 'varChar':
      return new VarcharType(kind.value.length);
    case 'yearMonthInterval':
      return new YearMonthIntervalType(kind.value.startField, kind.value.endField);
    case 'dayTimeInterval':
      return new DayTimeIntervalType(kind.value.startField, kind.value.endField);
    default:
      return nestedFromProto(kind);
  }
}

function nestedFromProto(kind: DataTypeMessage['kind'] | undefined): DataType {
  switch (kind?.case) {
    case 'array':
      return new ArrayType(dataTypeFromProto(kind.value.elementType), kind.value.containsNull);
    case 'map': {
      const { keyType, valueType, valueContainsNull } = kind.value;
      return new MapType(dataTypeFromProto(keyType), dataTypeFromProto(valueType), valueContainsNull);
    }
    case 'struct':
      return new StructType(kind.value.fields.map(fieldFromProto));
    case 'udt':
      return { kind: 'udt', sqlType: dataTypeFromProto(kind.value.sqlType) };
    case 'string':
      return stringFromProto(kind.value.collation);
    default:
      return atomicFromCase(kind?.case);
  }
}

function stringFromProto(collation: string): DataType {
  return ['', DEFAULT_COLLATION].includes(collation) ? StringType : new CollatedStringType(collation);
}

function atomicFromCase(kind: string | undefined): DataType {
  const name = ATOMIC_OF_CASE.get(kind ?? '');
  if (name === undefined)
    throw new ProtocolError(`the server sent a type this client does not know: ${String(kind)}`);
  return { kind: name };
}

function fieldFromProto(field: DataType_StructField): StructField {
  const metadata =
    field.metadata === undefined ? {} : (JSON.parse(field.metadata) as Record<string, unknown>);
  return new StructField(field.name, dataTypeFromProto(field.dataType), field.nullable, metadata);
}

/** As {@link dataTypeFromProto}, for the schema of a DataFrame. */
export function structTypeFromProto(message: DataTypeMessage | undefined): StructType {
  const type = dataTypeFromProto(message);
  if (type instanceof StructType) return type;
  throw new ProtocolError(`expected the schema of a table, got ${type.kind}`);
}
