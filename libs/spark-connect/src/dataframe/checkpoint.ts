import { ProtocolError } from '../errors/spark-connect-error';
import type { ActionOptions } from '../execute/action-options';
import type { Relation } from '../generated/spark/connect/relations_pb';
import { commandPlan, relationOf } from '../plan/relation';
import { runCommand, runForResponses } from '../session/plan-results';
import type { SparkConnectClient } from '../session/spark-connect-client';
import { storageLevelToProto, type StorageLevel } from './storage-level';

/** How a checkpoint is made. */
export interface CheckpointSettings {
  readonly eager: boolean;
  readonly local: boolean;
  readonly storageLevel?: StorageLevel | undefined;
}

/** Checkpoints a plan; the relation that stands for its rows on the server. */
export async function checkpointed(
  client: SparkConnectClient,
  relation: Relation,
  settings: CheckpointSettings,
  options: ActionOptions,
): Promise<Relation> {
  const { eager, local, storageLevel } = settings;
  const at = storageLevel === undefined ? {} : { storageLevel: storageLevelToProto(storageLevel) };
  const plan = commandPlan({ case: 'checkpointCommand', value: { relation, eager, local, ...at } });
  const [made] = await runForResponses(client, plan, options, 'checkpointCommandResult');
  if (made?.relation === undefined) throw new ProtocolError('a checkpoint was answered without its relation');
  return relationOf({ case: 'cachedRemoteRelation', value: made.relation });
}

/** Makes the server forget a checkpoint. */
export async function removeCheckpoint(
  client: SparkConnectClient,
  relation: Relation,
  options: ActionOptions,
): Promise<void> {
  const { relType } = relation;
  if (relType.case !== 'cachedRemoteRelation') {
    throw new TypeError('this DataFrame is not the result of a checkpoint, there is nothing to release');
  }
  const command = { case: 'removeCachedRemoteRelationCommand', value: { relation: relType.value } } as const;
  await runCommand(client, commandPlan(command), options);
}
