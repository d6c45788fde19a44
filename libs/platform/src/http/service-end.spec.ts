import { Module } from '@nestjs/common';
import type { OnApplicationShutdown } from '@nestjs/common';
import { createService } from './create-service';

@Module({})
class PromptModule {}

@Module({})
class HangingModule implements OnApplicationShutdown {
  onApplicationShutdown(): Promise<void> {
    return new Promise(() => undefined);
  }
}

@Module({})
class FailingModule implements OnApplicationShutdown {
  onApplicationShutdown(): Promise<void> {
    return Promise.reject(new Error('cannot close'));
  }
}

async function start(module: typeof PromptModule) {
  let exit: (exitCode: number) => void = () => undefined;
  const exited = new Promise<number>((resolve) => (exit = resolve));
  const service = await createService(module, {
    name: 'sample',
    host: '127.0.0.1',
    port: 0,
    logLevel: 'silent',
    internalToken: 'a-token-of-the-inside',
    closeTimeoutMs: 20,
    exit,
  });
  return { service, exited };
}

const listeners = () => process.listenerCount('SIGTERM') + process.listenerCount('SIGINT');

describe('the end of a service', () => {
  it('drains on a signal that comes before it listens, and does not listen any more', async () => {
    const before = listeners();
    const { service, exited } = await start(PromptModule);
    const stages: string[] = [];
    service.drain.add({
      name: 'work',
      timeoutMs: 1_000,
      run: () => Promise.resolve(void stages.push('work')),
    });
    process.emit('SIGTERM', 'SIGTERM');
    await expect(service.listen()).rejects.toThrow('told to end before it listened');
    expect(await exited).toBe(0);
    expect(stages).toEqual(['work']);
    await service.drain.leave();
    expect(listeners()).toBe(before);
  });

  it.each([
    ['hangs', HangingModule],
    ['fails', FailingModule],
  ])('comes, with the same exit code, when closing %s', async (_how, module) => {
    const { service, exited } = await start(module);
    void service.drain.request('the spec says so');
    expect(await exited).toBe(0);
  });

  it('leaves no listener behind when its owner closes it', async () => {
    const before = listeners();
    const { service } = await start(PromptModule);
    expect(listeners()).toBe(before + 2);
    await service.app.close();
    expect(listeners()).toBe(before);
  });
});
