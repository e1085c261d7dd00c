import { SocketGate } from '../support/gate.ts';
import { alive, PHONE } from '../support/people.ts';
import { seedRead } from '../support/seed.ts';
import { expect, test } from '../support/test.ts';
import { numbered, Thread } from '../support/thread.ts';

const STRIP = 'connection-strip';
/** Not everything fits. */
const SMALL = { width: 390, height: 400 };
const THREE = ['first', 'second', 'third'];

test('what is written offline arrives later, once, in order, though the tab was closed', async ({
  noise,
  pair,
}) => {
  noise.expectBrokenConnections();
  const { ayesha, bilal, conversation, path } = pair;
  const browser = await ayesha.browser();
  const page = await browser.newPage();
  await page.goto(path);
  await alive(page);
  const thread = new Thread(page);
  await thread.write('still online');
  await thread.stored('still online');

  await browser.setOffline(true);
  for (const text of THREE) {
    await thread.write(text);
    await thread.waits(text);
  }
  await page.close();
  const his = new Thread(await bilal.open(path));
  await his.endsWith('still online');

  await browser.setOffline(false);
  const again = new Thread(await browser.newPage());
  await again.page.goto(path);
  await again.endsWith('still online', ...THREE);
  await his.endsWith('still online', ...THREE);
  for (const text of THREE) {
    await again.stored(text);
  }
  const device = await bilal.device();
  expect(await device.texts(conversation)).toEqual(['still online', ...THREE]);
});

test('coming back online is enough: nothing has to be reloaded', async ({ noise, pair }) => {
  noise.expectBrokenConnections();
  const { ayesha, bilal, path } = pair;
  const page = await ayesha.open(path);
  const thread = new Thread(page);
  const his = new Thread(await bilal.open(path));
  await page.context().setOffline(true);
  for (const text of THREE) {
    await thread.write(text);
  }
  await expect(page.getByTestId(STRIP)).toHaveText('Offline. 3 messages waiting');
  await his.write('meanwhile');

  await page.context().setOffline(false);
  await his.endsWith('meanwhile', ...THREE);
  await thread.endsWith('meanwhile', ...THREE);
  await expect(page.getByTestId(STRIP)).toHaveCount(0);
});

test('messages outlive a reload while only the socket is dead', async ({ noise, pair }) => {
  noise.expectBrokenConnections();
  const { ayesha, bilal, conversation, path } = pair;
  const page = await (await ayesha.browser()).newPage();
  const gate = await SocketGate.before(page);
  await page.goto(path);
  await alive(page);
  const thread = new Thread(page);
  await thread.write('before');
  await thread.stored('before');

  await gate.cut();
  for (const text of THREE) {
    await thread.write(text);
    await thread.waits(text);
  }
  await page.reload();
  await alive(page);
  await thread.endsWith('before', ...THREE);
  for (const text of THREE) {
    await thread.waits(text);
  }

  gate.mend();
  for (const text of THREE) {
    await thread.stored(text);
  }
  const device = await bilal.device();
  expect(await device.texts(conversation)).toEqual(['before', ...THREE]);
});

test('an ack that was lost with the connection makes no second copy', async ({ noise, pair }) => {
  noise.expectBrokenConnections();
  const { ayesha, bilal, conversation, path } = pair;
  const page = await (await ayesha.browser()).newPage();
  const gate = await SocketGate.before(page);
  await page.goto(path);
  await alive(page);
  const thread = new Thread(page);
  const device = await bilal.device();
  gate.downward = (name) => (name === 'ack' ? 'drop' : 'pass');
  await thread.write('exactly once');
  await device.until('event', ({ message }) => message.conversation === conversation);
  await gate.cut();
  gate.release();
  gate.mend();
  await thread.stored('exactly once');
  await thread.write('and then this');
  await expect.poll(() => device.texts(conversation)).toEqual(['exactly once', 'and then this']);
  await expect(thread.messages).toHaveCount(2);
});

test('a killed server loses nothing, and pages find it again by themselves', async ({
  noise,
  pair,
  server,
}) => {
  noise.expectBrokenConnections();
  const { ayesha, bilal, conversation, path } = pair;
  const hers = new Thread(await ayesha.open(path));
  const his = new Thread(await bilal.open(path));
  const before = ['one', 'two', 'three'];
  for (const text of before) {
    await hers.write(text);
  }
  await hers.stored('three');

  await server.kill();
  await hers.write('four');
  await his.write('five');
  await hers.waits('four');
  await server.restart();

  const patient = { timeout: 40_000 };
  await expect(hers.message('four')).not.toContainText('Sending', patient);
  await expect(his.message('five')).not.toContainText('Sending', patient);
  await expect(his.message('four')).toHaveCount(1, patient);
  await expect(hers.message('five')).toHaveCount(1, patient);

  const device = await bilal.device();
  const stored = await device.texts(conversation);
  expect(stored.slice(0, 3)).toEqual(before);
  expect(stored.toSorted()).toEqual(['five', 'four', 'one', 'three', 'two']);
  await his.endsWith(...stored);
  await hers.endsWith(...stored);
  await hers.page.reload();
  await hers.endsWith(...stored);
});

test('short interruptions are not worth a word, longer ones are', async ({ noise, pair }) => {
  noise.expectBrokenConnections();
  const page = await (await pair.ayesha.browser()).newPage();
  const gate = await SocketGate.before(page);
  await page.goto(pair.path);
  await alive(page);
  await expect.poll(() => gate.count('hello')).toBe(1);
  await page.evaluate((id) => {
    const html = document.documentElement;
    const look = (): void => {
      if (document.querySelector(`[data-testid="${id}"]`) !== null) {
        html.dataset.strip ??= String(performance.now());
      }
    };
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
  }, STRIP);
  const html = page.locator('html');

  await gate.cut();
  gate.mend();
  await expect.poll(() => gate.count('hello')).toBe(2);
  await expect(html).not.toHaveAttribute('data-strip');

  const thread = new Thread(page);
  await thread.write('waits for the connection');
  await thread.stored('waits for the connection');
  const top = await thread.top(thread.messages.last());
  const cutAt = await page.evaluate(() => performance.now());
  await gate.cut();
  await expect(page.getByTestId(STRIP)).toHaveText(/^(Reconnecting…|Cannot connect\.)/);
  const shownAt = Number(await html.getAttribute('data-strip'));
  // The interruption before counts too: it is the sum that matters.
  expect(shownAt - cutAt).toBeGreaterThan(1_000);
  expect(Math.abs((await thread.top(thread.messages.last())) - top)).toBeLessThanOrEqual(1);

  gate.mend();
  await expect(page.getByTestId(STRIP)).toHaveCount(0, { timeout: 20_000 });
});

test('after several failures a connection can be asked for', async ({ noise, pair }) => {
  noise.expectBrokenConnections();
  const page = await (await pair.ayesha.browser()).newPage();
  await page.clock.install();
  const gate = await SocketGate.before(page);
  await page.goto(pair.path);
  await alive(page);
  await expect.poll(() => gate.count('hello')).toBe(1);
  await gate.cut();
  const strip = page.getByTestId(STRIP);
  const hopeless = strip.getByText(/^Cannot connect\./);
  await expect(async () => {
    await page.clock.fastForward(31_000);
    await expect(hopeless).toBeVisible({ timeout: 500 });
  }).toPass();
  // Or it would connect by itself before the button is pressed.
  await page.clock.pauseAt((await page.evaluate(() => Date.now())) + 100);
  gate.mend();
  await strip.getByRole('button', { name: 'Retry' }).click();
  await page.clock.resume();
  await expect(strip).toHaveCount(0);
  await expect(new Thread(page).composer).toBeFocused();
});

test('on a phone nothing is out of reach behind the words about the connection', async ({
  noise,
  pair,
}) => {
  noise.expectBrokenConnections();
  const { ayesha, bilal, conversation, path } = pair;
  await seedRead(bilal, ayesha, conversation, numbered(20));
  const page = await (await ayesha.browser({ ...PHONE, viewport: SMALL })).newPage();
  await page.clock.install();
  const gate = await SocketGate.before(page);
  const strip = page.getByTestId(STRIP);
  for (const [address, frame, end] of [
    [path, '.thread', '.start'],
    ['/settings/security', '.sheet', '.page button:visible >> nth=-1'],
    ['/', '.conversations', '.conversation >> nth=-1'],
  ] as const) {
    gate.mend();
    const hello = gate.count('hello');
    await page.goto(address);
    await alive(page);
    await expect.poll(() => gate.count('hello')).toBe(hello + 1);
    await gate.cut();
    await expect(async () => {
      await page.clock.fastForward(31_000);
      await expect(strip.getByRole('button')).toBeVisible({ timeout: 500 });
    }).toPass();
    await page.locator(frame).evaluate((element) => {
      // A list that counts from its end goes to its oldest message.
      element.scrollTop = element.matches('.thread') ? -element.scrollHeight : element.scrollHeight;
    });
    const [one, other] = [await page.locator(end).boundingBox(), await strip.boundingBox()];
    const above = (one?.y ?? 0) + (one?.height ?? 0) <= (other?.y ?? 0);
    const below = (one?.y ?? 0) >= (other?.y ?? 0) + (other?.height ?? 0);
    expect(above || below, address).toBe(true);
  }
});
