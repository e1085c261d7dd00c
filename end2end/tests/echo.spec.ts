import { SocketGate } from '../support/gate.ts';
import { alive, type Account } from '../support/people.ts';
import { expect, test } from '../support/test.ts';
import { Thread } from '../support/thread.ts';

/** A page whose socket goes through a gate. */
async function gated(account: Account, path: string): Promise<[Thread, SocketGate]> {
  const page = await (await account.browser()).newPage();
  const gate = await SocketGate.before(page);
  await page.goto(path);
  await alive(page);
  await expect.poll(() => gate.count('hello')).toBeGreaterThan(0);
  return [new Thread(page), gate];
}

test('one’s own message is there in the next frame, and its node outlives the ack', async ({
  pair,
}) => {
  const [thread, gate] = await gated(pair.ayesha, pair.path);
  gate.downward = (name) => (name === 'ack' ? 'hold' : 'pass');
  await thread.composer.fill('chai?');
  await thread.page.evaluate(() => {
    const html = document.documentElement;
    const listen = (event: KeyboardEvent): void => {
      if (event.key !== 'Enter') {
        return;
      }
      const before = document.querySelectorAll('article').length;
      let frames = 1;
      const look = (): void => {
        if (document.querySelectorAll('article').length > before) {
          html.dataset.frames = String(frames);
        } else {
          frames += 1;
          requestAnimationFrame(look);
        }
      };
      // What is there when the callback runs is in the frame that follows it.
      requestAnimationFrame(look);
    };
    document.addEventListener('keydown', listen, { capture: true, once: true });
  });
  await thread.composer.press('Enter');
  await expect(thread.page.locator('html')).toHaveAttribute('data-frames', '1');

  const echo = thread.message('chai?');
  await thread.waits('chai?');
  await expect(thread.composer).toHaveValue('');
  await echo.evaluate((node: HTMLElement) => {
    node.dataset.probe = 'echo';
  });
  gate.release();
  await thread.stored('chai?');
  await expect(echo).toHaveAttribute('data-probe', 'echo');
  await expect(thread.messages).toHaveCount(1);
});

test('an ack that comes twice makes no second row', async ({ pair }) => {
  const [thread, gate] = await gated(pair.ayesha, pair.path);
  gate.downward = (name) => (name === 'ack' ? 'twice' : 'pass');
  await thread.write('once');
  await thread.write('and once more');
  await thread.stored('and once more');
  await thread.endsWith('once', 'and once more');
  await expect(thread.messages).toHaveCount(2);
});

test('a message without an answer can be tried again, and is stored once', async ({ pair }) => {
  const { ayesha, bilal, conversation, path } = pair;
  const page = await (await ayesha.browser()).newPage();
  await page.clock.install();
  const gate = await SocketGate.before(page);
  await page.goto(path);
  await alive(page);
  const thread = new Thread(page);
  gate.downward = (name) => (name === 'ack' ? 'drop' : 'pass');
  await thread.write('are you there?');
  const message = thread.message('are you there?');
  await thread.waits('are you there?');
  await expect.poll(() => gate.count('send')).toBe(1);

  await page.clock.fastForward(9_000);
  await thread.waits('are you there?');
  await page.clock.fastForward(2_000);
  await expect(message).toContainText('Not sent');
  await expect(page.getByRole('alert').filter({ hasText: 'not sent' })).toHaveText(
    `Message to ${bilal.name} not sent`,
  );

  gate.release();
  await message.getByRole('button', { name: 'Retry' }).click();
  await expect(message.getByRole('button', { name: 'Retry' })).toHaveCount(0);
  await thread.stored('are you there?');
  const device = await bilal.device();
  expect(await device.texts(conversation)).toEqual(['are you there?']);
  await thread.endsWith('are you there?');
});

test('a failure that is over takes its question along, and not the focus', async ({
  noise,
  pair,
}) => {
  noise.expectBrokenConnections();
  const page = await (await pair.ayesha.browser()).newPage();
  await page.clock.install();
  const gate = await SocketGate.before(page);
  await page.goto(pair.path);
  await alive(page);
  const thread = new Thread(page);
  gate.upward = (name) => (name === 'send' ? 'drop' : 'pass');
  await thread.write('on its way again');
  await expect.poll(() => gate.count('send')).toBe(1);
  await page.clock.fastForward(11_000);
  const message = thread.message('on its way again');
  await message.getByRole('button', { name: 'Delete' }).click();
  const question = page.getByRole('dialog', { name: 'Delete this message?' });
  await expect(question).toBeVisible();
  await gate.cut();
  await expect(question).toHaveCount(0);
  await thread.waits('on its way again');
  await expect(thread.scroller).toBeFocused();
});

test('a message without an answer can be given up', async ({ pair }) => {
  const { ayesha, conversation, bilal, path } = pair;
  const page = await (await ayesha.browser()).newPage();
  await page.clock.install();
  const gate = await SocketGate.before(page);
  await page.goto(path);
  await alive(page);
  const thread = new Thread(page);
  gate.upward = (name) => (name === 'send' ? 'drop' : 'pass');
  await thread.write('never mind');
  await expect.poll(() => gate.count('send')).toBe(1);
  await page.clock.fastForward(11_000);
  const message = thread.message('never mind');
  const question = page.getByRole('dialog', { name: 'Delete this message?' });
  await message.getByRole('button', { name: 'Delete' }).click();
  await expect(question).toHaveAccessibleDescription(/^“never mind” was not sent/);
  await question.getByRole('button', { name: 'Cancel' }).click();
  await expect(message.getByRole('button', { name: 'Delete' })).toBeFocused();
  await message.getByRole('button', { name: 'Delete' }).click();
  await question.getByRole('button', { name: 'Delete' }).click();
  await expect(message).toHaveCount(0);
  await expect(thread.scroller).toBeFocused();
  gate.release();

  await page.reload();
  await alive(page);
  await thread.write('something else');
  await thread.endsWith('something else');
  await expect(thread.messages).toHaveCount(1);
  const device = await bilal.device();
  await expect.poll(() => device.texts(conversation)).toEqual(['something else']);
});
