import type { BrowserContextOptions, Locator, Page } from '@playwright/test';
import { expectAccessible } from '../support/axe.ts';
import { Deeds } from '../support/deeds.ts';
import { alive, PHONE } from '../support/people.ts';
import { expect, test } from '../support/test.ts';
import { row, Thread } from '../support/thread.ts';

const PRIVACY = '/settings/privacy';
const DESK: BrowserContextOptions = { viewport: { width: 1440, height: 900 } };

const reading = (page: Page): Locator => page.getByRole('checkbox', { name: 'Hide what I have read' });
const presence = (page: Page): Locator => page.getByRole('checkbox', { name: 'Hide when I am here' });
const state = (page: Page, text: string): Locator =>
  new Thread(page).message(text).locator('[data-delivery]');

test('what one has read is hidden with a tap, on all devices at once, and shown again', async ({ pair }) => {
  const { ayesha, bilal, conversation, path } = pair;
  const device = await bilal.device();
  const [hers, settings, his] = await Promise.all([
    ayesha.open(path, DESK),
    ayesha.open(PRIVACY, PHONE),
    bilal.open(path, DESK),
  ]);
  await new Thread(hers).write('are you there?');
  await his.bringToFront();
  await expect(state(hers, 'are you there?')).toHaveAttribute('data-delivery', 'read');
  await new Thread(his).write('yes');
  await hers.bringToFront();
  await expect(state(his, 'yes')).toHaveAttribute('data-delivery', 'read');

  await expect(reading(settings)).not.toBeChecked();
  await reading(settings).tap();
  await expect(reading(settings)).toBeChecked();
  // What was shown of it goes on both sides, and here it says why.
  await expect(state(his, 'yes')).toHaveAttribute('data-delivery', 'sent');
  await expect(state(his, 'yes')).toHaveText('Sent');
  await expect(state(hers, 'are you there?')).toHaveText('Sent; read marks are off');
  await expectAccessible(settings, 'the page');

  // Nor is it in the page that is made anew, for either of them.
  await device.send(conversation, 'and now?');
  await expect(new Thread(hers).message('and now?')).toBeVisible();
  for (const [page, text] of [[his, 'yes'], [hers, 'are you there?']] as const) {
    await page.reload();
    await expect(state(page, text)).toHaveAttribute('data-delivery', 'sent');
    await alive(page);
    await new Thread(page).stored(text);
    await expect(state(page, text)).toHaveAttribute('data-delivery', 'sent');
  }
  await settings.reload();
  await expect(reading(settings)).toBeChecked();
  await expect(presence(settings)).not.toBeChecked();

  await alive(settings);
  await reading(settings).tap();
  await expect(reading(settings)).not.toBeChecked();
  for (const [page, text] of [[his, 'yes'], [hers, 'are you there?']] as const) {
    await expect(state(page, text)).toHaveAttribute('data-delivery', 'read');
    await expect(state(page, text)).toHaveText('Read');
  }
});

for (const [name, screen] of [['phone', PHONE], ['desk', DESK]] as const) {
  test(`sent, delivered and read, each at its time and in words: ${name}`, async ({ pair }) => {
    const { ayesha, bilal, path } = pair;
    const hers = await ayesha.open(path, screen);
    const mark = state(hers, 'are you there?');
    await new Thread(hers).write('are you there?');
    await expect(mark).toHaveAttribute('data-delivery', 'sent');
    await expect(mark).toHaveText('Sent');
    // His device has it, and he looks at something else.
    const elsewhere = await bilal.open('/settings/privacy', screen);
    await expect(mark).toHaveAttribute('data-delivery', 'delivered');
    await expect(mark).toHaveText('Delivered');
    if (name === 'desk') {
      await expect(row(hers, bilal.name)).toContainText('Delivered');
    }
    await expectAccessible(hers, 'the page');
    // The page that is made anew says so at once, and so does one without script.
    await hers.reload();
    await expect(mark).toHaveAttribute('data-delivery', 'delivered');
    const still = await ayesha.open(path, { ...screen, javaScriptEnabled: false });
    await expect(state(still, 'are you there?')).toHaveAttribute('data-delivery', 'delivered');
    await alive(hers);
    await elsewhere.goto(path);
    await elsewhere.bringToFront();
    await expect(mark).toHaveAttribute('data-delivery', 'read');
    await expect(mark).toHaveText('Read');
  });
}

test('whoever hides what they have read shows no delivery either', async ({ pair }) => {
  const { ayesha, bilal, conversation, path } = pair;
  const device = await bilal.device();
  const hers = await ayesha.open(path, DESK);
  const mark = state(hers, 'are you there?');
  await new Thread(hers).write('are you there?');
  await new Thread(hers).stored('are you there?');
  device.received(conversation, 1);
  await expect(mark).toHaveAttribute('data-delivery', 'delivered');
  const settings = await bilal.open(PRIVACY, PHONE);
  await reading(settings).tap();
  await expect(mark).toHaveAttribute('data-delivery', 'sent');
  await hers.reload();
  await expect(mark).toHaveAttribute('data-delivery', 'sent');
  await reading(settings).tap();
  await expect(reading(settings)).not.toBeChecked();
  await expect(mark).toHaveAttribute('data-delivery', 'delivered');
});

test('in a group it says why nobody is named, with the keyboard', async ({ signUp }) => {
  const [meera, imran] = await Promise.all([signUp('Meera'), signUp('Imran')]);
  const conversation = await meera.createGroup('Chai', [imran]);
  const { seq } = await (await meera.device()).send(conversation, 'Chai at 5?');
  (await imran.device()).markRead(conversation, seq);
  const [page, settings] = await Promise.all([
    meera.open(`/c/${conversation}`, DESK),
    meera.open(PRIVACY, DESK),
  ]);
  const deeds = new Deeds(new Thread(page));
  await deeds.pick('Chai at 5?', 'Seen by');
  const dialog = page.getByTestId('about-message');
  await expect(dialog.getByTestId('seen')).toContainText('Imran');

  await reading(settings).focus();
  await settings.keyboard.press('Space');
  await expect(reading(settings)).toBeChecked();
  await expect(reading(settings)).toBeFocused();
  await expect(dialog.getByTestId('readers-off')).toContainText('You hide what you have read');
  await expect(dialog.getByTestId('seen')).toHaveCount(0);
  await expectAccessible(page, 'a dialog');
  const way = dialog.getByRole('link', { name: 'Change it in the settings' });
  await way.focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(PRIVACY);
  await expect(reading(page)).toBeChecked();
  await reading(page).focus();
  await page.keyboard.press('Space');
  await expect(reading(page)).not.toBeChecked();
  await expect(reading(settings)).not.toBeChecked();
});

test('whoever hides their reading is neither among those who have seen it nor the others', async ({ signUp }) => {
  const people = await Promise.all([signUp('Meera'), signUp('Imran'), signUp('Zoya')]);
  const [meera, imran, zoya] = people;
  const conversation = await meera.createGroup('Chai', [imran, zoya]);
  const { seq } = await (await meera.device()).send(conversation, 'Chai at 5?');
  const page = await meera.open(`/c/${conversation}`, PHONE);
  const deeds = new Deeds(new Thread(page));
  await deeds.rest('Chai at 5?');
  await deeds.item('Seen by').tap();
  const dialog = page.getByTestId('about-message');
  await expect(dialog.getByTestId('not-seen').getByRole('listitem')).toHaveCount(2);

  const settings = await imran.open(PRIVACY, PHONE);
  await reading(settings).tap();
  await expect(reading(settings)).toBeChecked();
  (await imran.device()).markRead(conversation, seq);
  (await zoya.device()).markRead(conversation, seq);
  await expect(dialog).toContainText('Everybody has seen it.');
  await expect(dialog.getByTestId('seen').getByRole('listitem')).toHaveText([/Zoya/]);
  await expect(dialog).not.toContainText('Imran');
});

test('whoever hides when they are there goes for the other, and sees why they see nothing', async ({ pair }) => {
  const { ayesha, bilal, path } = pair;
  const [hers, his] = await Promise.all([ayesha.open(path, PHONE), bilal.open(path, DESK)]);
  await expect(new Thread(hers).header).toContainText('online');
  await expect(new Thread(his).header).toContainText('online');
  const settings = await ayesha.open(PRIVACY, PHONE);
  await presence(settings).tap();
  await expect(new Thread(his).header).toContainText('offline');
  await expect(new Thread(hers).header).toContainText('You hide when you are here');
  await presence(settings).tap();
  for (const page of [hers, his]) {
    await expect(new Thread(page).header).toContainText('online');
  }
});

test('without script it is hidden by a form, one thing and not the other', async ({ pair }) => {
  const { ayesha, bilal, path } = pair;
  const his = await bilal.open(path, DESK);
  const hers = await ayesha.open(path, DESK);
  await new Thread(his).write('are you there?');
  await expect(state(his, 'are you there?')).toHaveAttribute('data-delivery', 'read');
  const page = await ayesha.open(PRIVACY, { javaScriptEnabled: false });
  for (const hides of [true, false]) {
    await reading(page).setChecked(hides);
    await page.locator('form', { has: reading(page) }).getByRole('button', { name: 'Save' }).click();
    await expect(page).toHaveURL(PRIVACY);
    await expect(reading(page)).toBeChecked({ checked: hides });
    await expect(presence(page)).not.toBeChecked();
    const shown = hides ? 'sent' : 'read';
    await expect(state(his, 'are you there?')).toHaveAttribute('data-delivery', shown);
  }
  await expect(new Thread(hers).message('are you there?')).toBeVisible();
});

test('where the server cannot be reached it says so, and the choice is as it was', async ({ pair, noise }) => {
  noise.expectBrokenConnections();
  const page = await pair.ayesha.open(PRIVACY, DESK);
  await page.context().setOffline(true);
  await reading(page).click();
  await expect(page.getByRole('alert').filter({ hasText: 'That could not be changed.' })).toBeVisible();
  await expect(reading(page)).not.toBeChecked();
});
