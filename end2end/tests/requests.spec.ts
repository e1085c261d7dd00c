import type { Page } from '@playwright/test';
import { Deeds } from '../support/deeds.ts';
import { PHONE } from '../support/people.ts';
import { expect, test } from '../support/test.ts';
import { Thread } from '../support/thread.ts';

test.use({ settings: { BAATCHEET_MESSAGE_REQUESTS: 'true' } });

const request = (page: Page) => page.getByTestId('request');
const left = (page: Page) => page.getByTestId('request-left');
const closed = (page: Page) => page.getByTestId('closed');
const filter = (page: Page, name: RegExp) => page.getByRole('radio', { name });
const rows = (page: Page) => page.locator('.conversation-item');

test('a stranger asks, is answered, and both go on', async ({ pair }) => {
  const { ayesha, bilal, path } = pair;
  const [hers, his] = await Promise.all([ayesha.open(path), bilal.open()]);
  const thread = new Thread(hers);
  for (const [at, more] of ['4 more', '3 more', '2 more', '1 more'].entries()) {
    await thread.write(`hello ${at}`);
    await expect(left(hers)).toContainText(more);
  }
  // The composer goes with the last one.
  await thread.composer.fill('hello 4');
  await thread.composer.press('Control+Enter');
  await expect(closed(hers)).toContainText(`${bilal.name} has not answered yet.`);

  // Apart from the list, and not counted.
  await filter(his, /^Requests 1/).check({ force: true });
  await expect(his).toHaveTitle(/^[^(]*$/);
  await rows(his).filter({ hasText: ayesha.name }).getByRole('link').click();
  await expect(request(his)).toContainText(`${ayesha.name} wants to talk to you.`);
  await expect(new Thread(his).message('hello 4')).toBeVisible();
  await request(his).getByRole('button', { name: 'Accept' }).focus();
  await his.keyboard.press('Enter');
  await expect(request(his)).toBeHidden();
  await expect(new Thread(his).composer).toBeFocused();
  await expect(hers.getByText(`${bilal.name} accepted the request`).first()).toBeVisible();
  await expect(thread.composer).toHaveValue('');
  await thread.write('thank you');
  await expect(new Thread(his).message('thank you')).toBeVisible();
});

test('on a phone a request is deleted, comes back with the next message, and is answered by writing', async ({
  pair,
}) => {
  const { ayesha, bilal, path } = pair;
  const [hers, his] = await Promise.all([ayesha.open(path), bilal.open(path, PHONE)]);
  await new Thread(hers).write('first');
  await expect(new Thread(his).message('first')).toBeVisible();
  await request(his).getByRole('button', { name: 'Delete the request' }).tap();
  await expect(his).toHaveURL('/');
  await expect(his.getByTestId('undo')).toContainText(`The request of ${ayesha.name} is deleted.`);
  await expect(filter(his, /^Requests/)).toBeHidden();
  await new Thread(hers).write('second');
  await his.locator('label.filter', { hasText: 'Requests' }).tap();
  await rows(his).filter({ hasText: ayesha.name }).getByRole('link').tap();
  const answers = new Thread(his);
  await answers.composer.fill('who is it?');
  await his.getByRole('button', { name: 'Send', exact: true }).tap();
  await expect(request(his)).toBeHidden();
  await expect(left(hers)).toBeHidden();
  await expect(new Thread(hers).message('who is it?')).toBeVisible();
});

test('a request is accepted without a connection, and goes when there is one', async ({
  pair,
  noise,
}) => {
  noise.expectBrokenConnections();
  const { ayesha, bilal, path } = pair;
  const hers = await ayesha.open(path);
  await new Thread(hers).write('hello');
  const his = await bilal.open(path);
  await expect(request(his)).toBeVisible();
  await his.context().setOffline(true);
  await request(his).getByRole('button', { name: 'Accept' }).click();
  await expect(request(his)).toBeHidden();
  await his.context().setOffline(false);
  await expect(hers.getByText(`${bilal.name} accepted the request`).first()).toBeVisible();
});

test('a message is reported, and whoever wrote it is blocked', async ({ pair }) => {
  const { ayesha, bilal, path } = pair;
  const hers = await ayesha.open(path);
  await new Thread(hers).write('buy this');
  const his = await bilal.open(path);
  await new Deeds(new Thread(his)).pick('buy this', 'Report');
  const dialog = his.getByTestId('report-dialog');
  await dialog.getByLabel('Why').selectOption('abuse');
  await dialog.getByLabel(/What else/).fill('every day');
  await dialog.getByRole('button', { name: 'Send report' }).focus();
  await his.keyboard.press('Enter');
  await expect(dialog).toContainText('Thank you. Your report has been sent.');
  await expect(dialog.getByRole('button', { name: 'Close' })).toBeFocused();
  await dialog.getByRole('button', { name: `Block ${ayesha.name}` }).click();
  const question = his.getByRole('dialog', { name: /^Block / });
  await question.getByRole('button', { name: 'Block', exact: true }).click();
  await expect(closed(his)).toContainText(`You have blocked ${ayesha.name}.`);
  await expect(request(his)).toBeHidden();
});

test('a report that could not be sent keeps what was written, and the next one begins empty', async ({
  pair,
  noise,
}) => {
  noise.expectBrokenConnections();
  const { ayesha, bilal, path } = pair;
  const hers = await ayesha.open(path);
  await new Thread(hers).write('buy this');
  const his = await bilal.open(path);
  const deeds = new Deeds(new Thread(his));
  const dialog = his.getByTestId('report-dialog');
  const note = dialog.getByLabel(/What else/);
  const send = dialog.getByRole('button', { name: 'Send report' });
  await his.route('**/api/report_message', (route) => route.abort());
  await deeds.pick('buy this', 'Report');
  await dialog.getByLabel('Why').selectOption('abuse');
  await note.fill('every day');
  await send.click();
  await expect(dialog.getByRole('alert')).toContainText('The report was not sent.');
  await expect(note).toHaveValue('every day');
  await expect(dialog.getByLabel('Why')).toHaveValue('abuse');
  await his.unroute('**/api/report_message');
  const sent = his.waitForRequest('**/api/report_message');
  await send.click();
  await expect(dialog).toContainText('Thank you. Your report has been sent.');
  expect((await sent).postData()).toMatch(/every(\+|%20)day/);
  await dialog.getByRole('button', { name: 'Close' }).click();
  await deeds.pick('buy this', 'Report');
  await expect(note).toHaveValue('');
  await expect(dialog.getByRole('alert')).toBeHidden();
});
