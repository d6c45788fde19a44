import { SerialTasks } from './serial-tasks';

describe('serial tasks', () => {
  it('runs one after the other, also after a failure', async () => {
    const tasks = new SerialTasks();
    const order: string[] = [];
    const slow = tasks.run(async () => {
      await Promise.resolve();
      order.push('first');
      throw new Error('no');
    });
    const next = tasks.run(() => {
      order.push('second');
      return Promise.resolve(2);
    });
    await expect(slow).rejects.toThrow('no');
    expect(await next).toBe(2);
    expect(order).toEqual(['first', 'second']);
  });
});
