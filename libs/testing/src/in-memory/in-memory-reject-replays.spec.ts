import { describeRejectReplays } from '../conformance/reject-replays';
import { InMemoryRejectReplays } from './in-memory-reject-replays';

describeRejectReplays('InMemoryRejectReplays', () =>
  Promise.resolve({ port: new InMemoryRejectReplays(), close: () => Promise.resolve() }),
);
