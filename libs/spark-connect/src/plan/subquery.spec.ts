import { col, count, lit } from '../functions/functions';
import { SparkSession } from '../session/spark-session';
import { relationJson } from '../testing/plan-json';

const spark = SparkSession.builder().remote('sc://127.0.0.1:1').build();

afterAll(() => spark.close());

const RANGE = { range: { start: '0', end: '3', step: '1' } };

describe('a subquery', () => {
  it('is named by the id of its plan, which travels beside the relation that uses it', () => {
    const inner = spark.range(3);
    const outer = spark.range(3).filter(inner.exists());
    const planId = String(inner.relation.common?.planId);
    expect(relationJson(outer)).toEqual({
      withRelations: {
        root: {
          filter: {
            input: RANGE,
            condition: { subqueryExpression: { planId, subqueryType: 'SUBQUERY_TYPE_EXISTS' } },
          },
        },
        references: [RANGE],
      },
    });
    expect(outer.relation.common?.planId).not.toBe(inner.relation.common?.planId);
  });

  it('is found however deep in an expression it stands, and sent once however often it is used', () => {
    const one = spark.range(3).agg(count('*')).scalar();
    const deep = col('id').plus(lit(2).multiply(one)).as('x').desc();
    for (const frame of [
      spark.range(3).select(deep, one),
      spark.range(3).orderBy(deep),
      spark.range(3).groupBy(one).agg(count(deep)),
      spark.range(3).withColumns({ a: one, b: deep }),
      spark.range(3).join(spark.range(3), [one.eq(1n), deep.eq(2n)]),
    ]) {
      expect(relationJson(frame)).toMatchObject({ withRelations: { references: [{ aggregate: {} }] } });
    }
  });

  it('of an input is not sent a second time', () => {
    const filtered = spark.range(3).filter(spark.range(3).exists());
    expect(relationJson(filtered.limit(1))).toMatchObject({ limit: { input: { withRelations: {} } } });
    const nested = spark.range(3).filter(filtered.exists());
    expect(relationJson(nested)).toMatchObject({ withRelations: { references: [{ withRelations: {} }] } });
  });

  it('of a relation without an id gets one', () => {
    const anonymous = spark.range(3);
    delete anonymous.relation.common;
    const frame = spark.range(3).filter(anonymous.exists());
    const { relType } = frame.relation;
    const references = relType.case === 'withRelations' ? relType.value.references : [];
    expect(references.map(({ common }) => typeof common?.planId)).toEqual(['bigint']);
  });
});
