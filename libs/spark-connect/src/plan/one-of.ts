/** A protobuf `oneof` as protobuf-es models it. */
interface OneOf {
  readonly case?: string | undefined;
  readonly value?: unknown;
}

/** The names a oneof can have. */
export type CaseOf<Union extends OneOf> = Extract<Union['case'], string>;

/** The value that goes with a name. */
export type ValueOf<Union extends OneOf, Case extends CaseOf<Union>> = Union extends {
  case: Case;
  value: infer Value;
}
  ? Value
  : never;

/** The value of a oneof if it is of that name. */
export function valueIf<Union extends OneOf, Case extends CaseOf<Union>>(
  oneOf: Union,
  wanted: Case,
): ValueOf<Union, Case> | undefined {
  return oneOf.case === wanted ? (oneOf.value as ValueOf<Union, Case>) : undefined;
}
