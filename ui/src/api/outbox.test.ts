import { describe, expect, it } from 'vitest';
import { Outbox, WAITING_MAX, type Command } from './outbox';
import { LinkCut, Problem } from './problem';

const command = (key: string, about: string | null = null): Command => ({
  key, method: 'POST', path: `/x/${key}`, body: {}, ifMatch: null, about,
});

function server() {
  const state = { cut: false, loseAnswer: false, sent: [] as string[], done: new Set<string>() };
  const carry = async (c: Command) => {
    if (state.cut) throw new LinkCut();
    state.sent.push(c.key);
    state.done.add(c.key); // idempotent: a key happens once
    if (state.loseAnswer) throw new LinkCut();
    if (c.key.startsWith('bad')) throw new Problem(409, 'refused', 'No.', 'Do this.');
    return c.key;
  };
  return { state, outbox: new Outbox(carry, () => 0, () => undefined) };
}

describe('the outbox', () => {
  it('sends at once while the link holds', async () => {
    const { outbox } = server();
    await expect(outbox.send(command('a'))).resolves.toBe('a');
    expect(outbox.waiting).toEqual([]);
  });

  it('keeps commands in order while the link is cut and sends each once when it is back', async () => {
    const { outbox, state } = server();
    state.cut = true;
    const first = outbox.send(command('a', 'incident-1'));
    const second = outbox.send(command('b'));
    await Promise.resolve();
    await new Promise<void>((done) => queueMicrotask(done));
    expect(outbox.waiting.map((w) => w.key)).toEqual(['a', 'b']);
    expect(outbox.waiting[0]!.about).toBe('incident-1');
    state.cut = false;
    await outbox.flush();
    await expect(first).resolves.toBe('a');
    await expect(second).resolves.toBe('b');
    expect(state.sent).toEqual(['a', 'b']);
  });

  it('sends again with the same key when only the answer was lost', async () => {
    const { outbox, state } = server();
    state.loseAnswer = true;
    const promise = outbox.send(command('a'));
    await new Promise<void>((done) => queueMicrotask(() => queueMicrotask(() => done())));
    state.loseAnswer = false;
    await outbox.flush();
    await promise;
    expect(state.sent).toEqual(['a', 'a']);
    expect(state.done.size).toBe(1);
  });

  it('tells a refusal to the one who asked and carries on with the next', async () => {
    const { outbox, state } = server();
    state.cut = true;
    const refused = outbox.send(command('bad'));
    const refusal = expect(refused).rejects.toMatchObject({ code: 'refused', hint: 'Do this.' });
    await Promise.resolve();
    const fine = outbox.send(command('b'));
    await Promise.resolve();
    state.cut = false;
    await outbox.flush();
    await refusal;
    await expect(fine).resolves.toBe('b');
  });

  it('does not overtake what waits', async () => {
    const { outbox, state } = server();
    state.cut = true;
    void outbox.send(command('a'));
    await Promise.resolve();
    await Promise.resolve();
    state.cut = false;
    const late = outbox.send(command('b'));
    await outbox.flush();
    await late;
    expect(state.sent).toEqual(['a', 'b']);
  });

  it('refuses beyond its limit instead of pretending', async () => {
    const { outbox, state } = server();
    state.cut = true;
    for (let i = 0; i < WAITING_MAX; i += 1) void outbox.send(command(`k${i}`)).catch(() => undefined);
    await new Promise((done) => setTimeout(done, 0));
    await expect(outbox.send(command('over'))).rejects.toBeInstanceOf(LinkCut);
    outbox.clear();
    expect(outbox.waiting).toEqual([]);
  });
});
