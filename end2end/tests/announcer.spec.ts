import { SocketGate } from '../support/gate.ts';
import { alive } from '../support/people.ts';
import { seed, seedRead } from '../support/seed.ts';
import { expect, test } from '../support/test.ts';
import { numbered, Thread } from '../support/thread.ts';

test('messages of others are spoken once, one’s own are not', async ({ pair, signUp }) => {
  const { ayesha, bilal, conversation, path } = pair;
  const sana = await signUp('Sana');
  const elsewhere = await ayesha.openDirect(sana);
  await seed(bilal, conversation, numbered(40));
  const page = await ayesha.open(path);
  const thread = new Thread(page);
  await thread.endsWith('message 40');
  const log = page.getByRole('log');
  await expect(log).toHaveAccessibleName('New messages');
  await expect(log).toBeEmpty();

  await thread.write('my own');
  await seed(sana, elsewhere, ['in another conversation']);
  const device = await bilal.device();
  await device.send(conversation, 'Chai at 5?');
  await expect(log).toHaveText(`${bilal.name}: Chai at 5?`);
  expect(await log.locator('p').count()).toBe(1);

  await device.sendAll(conversation, numbered(6, 41));
  await expect(log.locator('p').last()).toHaveText(/^\d new messages from /);
  await expect(page.getByRole('region', { name: /^Conversation with/ }).locator('[aria-live]')).toHaveCount(0);
});

test('what is spoken is in the language of the page', async ({ pair }) => {
  const { ayesha, bilal, conversation, path } = pair;
  const page = await ayesha.open(path, { locale: 'ur-PK' });
  const thread = new Thread(page);
  // Only to those who are connected a message is new.
  await thread.write('سلام');
  await thread.stored('سلام');
  const log = page.getByRole('log');
  const device = await bilal.device();
  await device.send(conversation, 'چائے؟');
  await expect(log).toContainText('کا پیغام: چائے؟');
  await device.sendAll(conversation, numbered(6));
  await expect(log.locator('p').last()).toHaveText(/\d نئے پیغامات$/);
});

test('a conversation that is changed to is named once', async ({ pair, signUp }) => {
  const { ayesha, bilal } = pair;
  const sana = await signUp('Sana');
  await ayesha.openDirect(sana);
  const page = await ayesha.open('/');
  const status = page.getByTestId('announcer').getByRole('status');
  await page.getByRole('link', { name: bilal.name }).click();
  await expect(status).toHaveText(`Conversation with ${bilal.name}`);
  await page.getByRole('link', { name: sana.name }).click();
  await expect(status).toHaveText(`Conversation with ${sana.name}`);
});

test('what loads by itself is silent, what the reader asks for is told', async ({ pair }) => {
  const { ayesha, bilal, conversation } = pair;
  await seedRead(bilal, ayesha, conversation, numbered(320));
  const page = await ayesha.open('/');
  const thread = new Thread(page);
  const status = page.getByTestId('announcer').getByRole('status');
  await page.getByRole('link', { name: bilal.name }).click();
  await thread.endsWith('message 320');
  // More than the server's first answer holds.
  await expect.poll(() => thread.messages.count()).toBeGreaterThan(30);
  await expect(status).toHaveText(`Conversation with ${bilal.name}`);
  await expect(async () => {
    await thread.scrollUp(2_000);
    await expect(status).toHaveText('Older messages loaded', { timeout: 200 });
  }).toPass();
});

test('a second failure is as loud as the first', async ({ pair }) => {
  const page = await (await pair.ayesha.browser()).newPage();
  await page.clock.install();
  const gate = await SocketGate.before(page);
  await page.goto(pair.path);
  await alive(page);
  await expect.poll(() => gate.count('hello')).toBe(1);
  gate.upward = (name) => (name === 'send' ? 'drop' : 'pass');
  const thread = new Thread(page);
  await thread.write('no answer');
  const sentence = page.getByTestId('announcer').getByRole('alert').locator('p');
  for (const sends of [1, 2]) {
    await expect.poll(() => gate.count('send')).toBe(sends);
    await page.clock.fastForward(11_000);
    const fresh = sentence.and(page.locator(':not([data-heard])'));
    await expect(fresh).toHaveText(`Message to ${pair.bilal.name} not sent`);
    await fresh.evaluate((element: HTMLElement) => {
      element.dataset.heard = '';
    });
    await page.getByRole('button', { name: 'Retry' }).click();
  }
});
