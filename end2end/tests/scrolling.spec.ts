import { SocketGate } from '../support/gate.ts';
import { alive } from '../support/people.ts';
import { seed, seedRead } from '../support/seed.ts';
import { expect, test } from '../support/test.ts';
import { numbered, Thread } from '../support/thread.ts';

/** What may be lost to the rounding of pixels. */
const STILL = 1;

test('a reader at the end stays at the end', async ({ pair }) => {
  const { ayesha, bilal, conversation, path } = pair;
  await seedRead(bilal, ayesha, conversation, numbered(40));
  const thread = new Thread(await ayesha.open(path));
  await thread.endsWith('message 40');
  expect(await thread.distance()).toBe(0);
  await seed(bilal, conversation, numbered(20, 41));
  await thread.endsWith('message 60');
  expect(await thread.distance()).toBe(0);
  await expect(thread.message('message 60')).toBeInViewport();
  const texts = await thread.texts();
  expect(texts.slice(-40)).toEqual(numbered(40, 21));
});

test('who reads older messages is not moved by new ones', async ({ pair }) => {
  const { ayesha, bilal, conversation, path } = pair;
  await seedRead(bilal, ayesha, conversation, numbered(90));
  const thread = new Thread(await ayesha.open(path));
  await thread.endsWith('message 90');
  await thread.scrollUp(2_000);
  await expect.poll(() => thread.distance()).toBeGreaterThan(1_000);
  const probe = thread.message('message 60');
  await expect(probe).toHaveCount(1);
  const before = await settled(thread, 'message 60');
  await seed(bilal, conversation, numbered(10, 91));
  await expect(thread.pill).toHaveText(/10 new messages/);
  expect(Math.abs((await thread.top(probe)) - before)).toBeLessThanOrEqual(STILL);

  await thread.pill.click();
  await expect(thread.message('message 100')).toBeInViewport();
  expect(await thread.distance()).toBe(0);
  await expect(thread.pill).toHaveCount(0);
  await expect(thread.composer).toBeFocused();
});

test('older messages that fail to come can be asked for again, and move nothing', async ({
  pair,
}) => {
  const { ayesha, bilal, conversation, path } = pair;
  await seedRead(bilal, ayesha, conversation, numbered(300));
  const page = await (await ayesha.browser()).newPage();
  const gate = await SocketGate.before(page);
  await page.goto(path);
  await alive(page);
  const thread = new Thread(page);
  await thread.endsWith('message 300');
  gate.upward = (name) => (name === 'fetch' ? 'refuse' : 'pass');
  const failed = page.getByTestId('older-failed');
  await expect(async () => {
    // What was on its way already may still come in between.
    await thread.scroller.evaluate((element) => {
      element.scrollTop = -element.scrollHeight;
    });
    await expect(failed).toBeVisible({ timeout: 500 });
  }).toPass();
  await expect(failed).toContainText('Older messages could not be loaded.');
  gate.release();
  const first = (await thread.texts())[0] ?? '';
  const before = await settled(thread, first);
  await page.getByRole('button', { name: 'Retry' }).click();
  await expect(failed).toHaveCount(0);
  await expect.poll(async () => (await thread.texts())[0]).not.toBe(first);
  const after = await thread.top(thread.message(first));
  expect(Math.abs(after - before)).toBeLessThanOrEqual(STILL);
});

test('a thousand messages are paged through without a jump, with few rows at a time', async ({
  pair,
}) => {
  test.setTimeout(120_000);
  const { ayesha, bilal, conversation, path } = pair;
  await seedRead(bilal, ayesha, conversation, numbered(1_000));
  const page = await ayesha.open(path);
  const thread = new Thread(page);
  await thread.endsWith('message 1000');

  const start = page.getByText('This is the start of your conversation');
  let most = 0;
  let jumps: string[] = [];
  for (let round = 0; round < 60 && !(await start.isVisible()); round += 1) {
    const result = await thread.scroller.evaluate(pageUp);
    most = Math.max(most, result.rows);
    jumps = jumps.concat(result.jumps);
  }
  await expect(start).toBeVisible();
  await expect(thread.message('message 1')).toBeVisible();
  expect(jumps).toEqual([]);
  expect(most).toBeLessThanOrEqual(200);

  // And back to the newest, which is no longer among the rows.
  await thread.pill.click();
  await expect(thread.message('message 1000')).toBeInViewport();
  expect(await thread.messages.count()).toBeLessThanOrEqual(200);
});

test('fifty pixels from the end is still the end', async ({ pair }) => {
  const { ayesha, bilal, conversation, path } = pair;
  await seedRead(bilal, ayesha, conversation, numbered(60));
  const thread = new Thread(await ayesha.open(path));
  const device = await bilal.device();
  await thread.endsWith('message 60');

  await scrollTo(thread, -49);
  await device.send(conversation, 'at forty-nine');
  await expect(thread.message('at forty-nine')).toBeInViewport();
  await expect.poll(() => thread.distance()).toBe(0);
  await expect(thread.pill).toHaveCount(0);

  await scrollTo(thread, -51);
  const before = await settled(thread, 'message 60');
  await device.send(conversation, 'at fifty-one');
  await expect(thread.pill).toHaveText(/1 new message/);
  expect(Math.abs((await thread.top(thread.message('message 60'))) - before)).toBeLessThanOrEqual(
    STILL,
  );
});

test('what one writes oneself is shown, wherever one was', async ({ pair }) => {
  const { ayesha, bilal, conversation, path } = pair;
  await seedRead(bilal, ayesha, conversation, numbered(90));
  const thread = new Thread(await ayesha.open(path));
  await thread.endsWith('message 90');
  await thread.scrollUp(3_000);
  await expect.poll(() => thread.distance()).toBeGreaterThan(1_000);
  await thread.write('here');
  await expect(thread.message('here')).toBeInViewport();
  expect(await thread.distance()).toBe(0);
});

test('End and Escape go to the newest message', async ({ pair }) => {
  const { ayesha, bilal, conversation, path } = pair;
  await seedRead(bilal, ayesha, conversation, numbered(90));
  const thread = new Thread(await ayesha.open(path));
  await thread.endsWith('message 90');
  await thread.scrollUp(2_500);
  await expect(thread.pill).toHaveText(/Jump to latest/);
  await thread.composer.press('Escape');
  await expect.poll(() => thread.distance()).toBe(0);
  await expect(thread.pill).toHaveCount(0);
});

test('End holds against a scroll that is still going on', async ({ pair }) => {
  const { ayesha, bilal, conversation, path } = pair;
  await seedRead(bilal, ayesha, conversation, numbered(90));
  const thread = new Thread(await ayesha.open(path));
  await thread.endsWith('message 90');
  await thread.scroller.focus();
  for (const key of ['PageUp', 'PageUp', 'PageUp', 'End']) {
    await thread.page.keyboard.press(key);
  }
  await thread.atRest();
  await expect.poll(() => thread.distance()).toBe(0);
  // Whoever moves last is right.
  await thread.page.keyboard.press('PageUp');
  await thread.atRest();
  await expect.poll(() => thread.distance()).toBeGreaterThan(100);
});

/** Where a message stands once scrolling has come to rest. */
async function settled(thread: Thread, text: string): Promise<number> {
  await thread.atRest();
  return thread.top(thread.message(text));
}

/** So close to the end, rows that come in above lead back to it: then it is done again. */
async function scrollTo(thread: Thread, top: number): Promise<void> {
  await expect(async () => {
    await thread.scroller.evaluate((element, to) => {
      element.scrollTop = to;
    }, top);
    await thread.atRest();
    expect(await thread.distance()).toBe(-top);
  }).toPass();
}

/**
 * Scrolls to the oldest row, waits until rows before it have come, and compares in every frame
 * where a visible row stands. Runs in the page.
 */
function pageUp(scroller: Element): Promise<{ rows: number; jumps: string[] }> {
  const oldest = scroller.querySelector('article');
  scroller.scrollTop = -scroller.scrollHeight;
  const edge = scroller.getBoundingClientRect();
  const probe = [...scroller.querySelectorAll('article')].find(
    (row) => row.getBoundingClientRect().top >= edge.top,
  );
  const before = probe?.getBoundingClientRect().top ?? 0;
  const jumps: string[] = [];
  let rows = 0;
  let frames = 0;
  let framesAfter = 0;
  return new Promise((resolve) => {
    const look = (): void => {
      frames += 1;
      const all = scroller.querySelectorAll('article');
      rows = Math.max(rows, all.length);
      const moved = (probe?.getBoundingClientRect().top ?? 0) - before;
      if (probe?.isConnected === true && Math.abs(moved) > 1) {
        jumps.push(`${probe.textContent} moved by ${moved}`);
      }
      framesAfter += all[0] === oldest ? 0 : 1;
      // A few frames more, for corrections that come late.
      if (framesAfter > 5 || frames > 300) {
        resolve({ rows, jumps: jumps.slice(0, 1) });
      } else {
        requestAnimationFrame(look);
      }
    };
    requestAnimationFrame(look);
  });
}
