import { Empty } from './states';

export function NotFound() {
  return (
    <>
      <h1>No such page</h1>
      <Empty>
        <p>
          There is nothing at this address. All batches are in <a href="/batches">the list</a>.
        </p>
      </Empty>
    </>
  );
}
