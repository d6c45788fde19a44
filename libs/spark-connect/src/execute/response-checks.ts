import { equals } from '@bufbuild/protobuf';
import { ProtocolError } from '../errors/spark-connect-error';
import type { ExecutePlanResponse } from '../generated/spark/connect/base_pb';
import { DataTypeSchema, type DataType } from '../generated/spark/connect/types_pb';

/** What must not change within one execution, however many streams bring its responses. Mirrors `SparkResult.scala`. */
export class ResponseChecks {
  private schema: DataType | undefined;

  constructor(private readonly operationId: string) {}

  /** @throws ProtocolError when the response belongs to another execution, or the result has changed its schema. */
  check(response: ExecutePlanResponse): void {
    const { operationId } = this;
    if (response.operationId !== '' && response.operationId !== operationId) {
      throw new ProtocolError(
        `a response of operation ${response.operationId} arrived in operation ${operationId}`,
        { operationId },
      );
    }
    if (response.schema === undefined) return;
    if (this.schema !== undefined && !equals(DataTypeSchema, this.schema, response.schema)) {
      throw new ProtocolError(`the result of operation ${operationId} changed its schema under way`, {
        operationId,
      });
    }
    this.schema = response.schema;
  }
}
