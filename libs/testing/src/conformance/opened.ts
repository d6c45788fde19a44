/** A port that a conformance suite opens afresh, empty, before each of its tests. */
export interface Opened<Port> {
  readonly port: Port;
  close(): Promise<void>;
}

/** Registers the hooks of Jest and gives the port of the test that runs. */
export function openedForEachTest<Port>(open: () => Promise<Opened<Port>>): () => Port {
  let opened: Opened<Port> | undefined;
  beforeEach(async () => {
    opened = await open();
  });
  afterEach(async () => {
    await opened?.close();
    opened = undefined;
  });
  return () => {
    if (opened === undefined) throw new Error('The port is open only inside a test');
    return opened.port;
  };
}
