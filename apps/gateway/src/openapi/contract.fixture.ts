import { z } from 'zod';
import { sendJson, startBatchGateway } from '../gateway.fixture';
import type { BatchGateway } from '../gateway.fixture';

interface Example {
  readonly value: unknown;
}

interface Content {
  readonly schema: Record<string, unknown>;
  readonly example?: unknown;
  readonly examples?: Record<string, Example>;
}

export interface Operation {
  readonly operationId: string;
  readonly parameters?: { name: string; in: string }[];
  readonly requestBody?: { content: Record<string, Content> };
  readonly responses: Record<string, { readonly content?: Record<string, Content> }>;
}

export interface Contract {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, Record<string, unknown>> };
}

/** The document of a gateway that accepts batches of every kind, and that gateway. */
export class ContractUnderTest {
  private constructor(
    readonly gateway: BatchGateway,
    readonly contract: Contract,
  ) {}

  static async start(variables: Record<string, string> = {}): Promise<ContractUnderTest> {
    const gateway = await startBatchGateway([], variables);
    gateway.orchestrator.on('POST /internal/batch/resolve', (request, response, body) => {
      const answer = body.includes('"kafka"')
        ? { start: { '0': 100, '1': 200 }, end: { '0': 500, '1': 600 } }
        : { sourcePath: '/data/delta/stream/transactions', sourceVersion: 12 };
      sendJson(200, answer)(request, response, body);
    });
    const contract = (await gateway.app.inject('/openapi.json')).json<Contract>();
    return new ContractUnderTest(gateway, contract);
  }

  close(): Promise<void> {
    return this.gateway.close();
  }

  operations(): { line: string; operation: Operation }[] {
    return Object.entries(this.contract.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        line: `${method.toUpperCase()} ${path}`,
        operation,
      })),
    );
  }

  operation(line: string): Operation {
    const found = this.operations().find((it) => it.line === line)?.operation;
    if (found === undefined) throw new Error(`${line} is not in the document`);
    return found;
  }

  /** Of the JSON answer with this status. */
  answerOf(line: string, status: string): z.ZodType {
    return this.checkerOf(this.operation(line).responses[status]?.content?.['application/json']?.schema);
  }

  /** The schema as zod reads it, with the components it refers to. */
  checkerOf(schema: unknown): z.ZodType {
    const text = JSON.stringify({ allOf: [schema], $defs: this.contract.components.schemas });
    return z.fromJSONSchema(
      JSON.parse(text.replaceAll('#/components/schemas/', '#/$defs/')) as z.core.JSONSchema.JSONSchema,
    );
  }
}

/** What is wrong with a value. */
export const problems = (checker: z.ZodType, value: unknown) => checker.safeParse(value).error?.issues ?? [];
