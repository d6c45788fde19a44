import { refuseWrongTags } from '../execute/option-checks';

/** The tags every execution of a session is sent with; shared by all views of the session. */
export class OperationTags {
  private readonly tags = new Set<string>();

  /** @throws TypeError when the tag is empty or has a comma, which the server would refuse with every later request. */
  add(tag: string): void {
    refuseWrongTags([tag]);
    this.tags.add(tag);
  }

  remove(tag: string): void {
    this.tags.delete(tag);
  }

  clear(): void {
    this.tags.clear();
  }

  /** The tags of the session, then those of one action. */
  with(own: readonly string[] = []): string[] {
    return [...new Set([...this.tags, ...own])];
  }
}
