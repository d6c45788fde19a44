/** One measure over some labels: all that a chart of ours shows. */
export interface SeriesChart {
  readonly kind: 'bar' | 'line';
  /** What a label is: "day", "product". */
  readonly labelName: string;
  /** What the measure is: "revenue". */
  readonly valueName: string;
  readonly points: readonly { readonly label: string; readonly value: number | null }[];
  readonly format: (value: number) => string;
}
