import * as fn from '../../functions/functions';
import {
  ArrayType,
  ByteType,
  CalendarIntervalType,
  DateType,
  DecimalType,
  DoubleType,
  FloatType,
  ShortType,
  TimestampNTZType,
  type DataType,
} from '../../types/data-type';
import { Timestamp } from '../../types/timestamp';
import { selects, simple } from '../frames';

const { col, lit, typedlit } = fn;

const DAY_TIME: DataType = { kind: 'day_time_interval', startField: 0, endField: 3 };
const YEAR_MONTH: DataType = { kind: 'year_month_interval', startField: 0, endField: 1 };
const SYSTEM_DECIMAL = new DecimalType(38, 18);

const ALPHABET = Uint8Array.from({ length: 23 }, (_, at) => 120 + at);
const instant = new Timestamp(1_677_155_519_808_000n);
const early = new Timestamp(12_345_000n);
const wallClock = new Timestamp(1_677_184_560_000_000n);
const interval = { months: 2, days: 20, microseconds: 100 };

/** One value of each type. */
const scalars = [
  lit(true),
  typedlit(68, ByteType),
  typedlit(9872, ShortType),
  lit(-8_726_532),
  lit(7_834_609_328_726_532n),
  lit(Math.E),
  typedlit(-0.8, FloatType),
  typedlit('89.97620', new DecimalType(7, 5)),
  typedlit('89889.7667231', new DecimalType(12, 7)),
  lit('connect!'),
  lit('T'),
  lit('ABCDEFGHIJ'),
  lit(ALPHABET),
  lit(Uint8Array.from([8, 6])),
  lit([8, 6]),
  lit(null),
  typedlit('2020-10-10', DateType),
  typedlit('8.997620', new DecimalType(7, 6)),
  lit(instant),
  lit(early),
  typedlit(wallClock, TimestampNTZType),
  typedlit('2023-02-23', DateType),
  typedlit(200_000_000n, DAY_TIME),
  typedlit(0, YEAR_MONTH),
  typedlit(interval, CalendarIntervalType),
];

/** Literals of all types. */
export const literals = selects(simple, {
  function_lit: [col('id'), col('id'), ...scalars],
  function_lit_array: [
    typedlit([], new ArrayType(DoubleType)),
    lit([[1], [2], [3]]),
    lit([[[1]], [[2]], [[3]]]),
    lit([true, false]),
    lit(Uint8Array.from([67, 68, 69])),
    typedlit([9872, 9873, 9874], new ArrayType(ShortType)),
    lit([-8_726_532, 8_726_532, -8_726_533]),
    lit([7_834_609_328_726_531n, 7_834_609_328_726_532n, 7_834_609_328_726_533n]),
    lit([Math.E, 1, 2]),
    typedlit([-0.8, -0.7, -0.9], new ArrayType(FloatType)),
    typedlit(['89.97620', '89.97621'], new ArrayType(SYSTEM_DECIMAL)),
    typedlit(['89889.7667231', '89889.7667231'], new ArrayType(SYSTEM_DECIMAL)),
    lit(['connect!', 'disconnect!']),
    lit('TF'),
    lit(['ABCDEFGHIJ', 'BCDEFGHIJK']),
    typedlit(['2020-10-10', '2020-10-11'], new ArrayType(DateType)),
    lit([instant, new Timestamp(1_677_155_519_809_000n)]),
    lit([early, new Timestamp(23_456_000n)]),
    typedlit([wallClock, new Timestamp(1_677_188_160_000_000n)], new ArrayType(TimestampNTZType)),
    typedlit(['2023-02-23', '2023-03-01'], new ArrayType(DateType)),
    typedlit([100_000_000n, 200_000_000n], new ArrayType(DAY_TIME)),
    typedlit([0, 0], new ArrayType(YEAR_MONTH)),
    typedlit([interval, { months: 2, days: 21, microseconds: 200 }], new ArrayType(CalendarIntervalType)),
  ],
});
