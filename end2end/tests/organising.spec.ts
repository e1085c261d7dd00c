import { expectAccessible } from '../support/axe.ts';
import { stored } from '../support/deeds.ts';
import { SocketGate } from '../support/gate.ts';
import { arranged, Organiser } from '../support/organising.ts';
import { alive, PHONE } from '../support/people.ts';
import { seed, seedRead } from '../support/seed.ts';
import { expect, test } from '../support/test.ts';
import { row, Thread } from '../support/thread.ts';

test('what one device archives is away on the other, and a message brings it back', async ({
  pair,
}) => {
  const { ayesha, bilal, conversation } = pair;
  await seedRead(bilal, ayesha, conversation, ['Chai at 5?']);
  const laptop = new Organiser(await ayesha.open('/'));
  const phone = new Organiser(await ayesha.open('/', PHONE));
  await expect(row(phone.page, bilal.name)).toBeVisible();
  await laptop.pick(bilal.name, 'Archive');
  for (const it of [laptop, phone]) {
    await expect(row(it.page, bilal.name)).toHaveCount(0);
  }
  await phone.filter('Archived').check();
  await expect(row(phone.page, bilal.name)).toBeVisible();

  const device = await bilal.device();
  await device.send(conversation, 'at six then');
  await expect(row(laptop.page, bilal.name)).toContainText('at six then');
  await expect(row(phone.page, bilal.name)).toHaveCount(0);
  await expect(phone.page.getByText('The archive is empty.')).toBeVisible();
  await phone.page.getByRole('button', { name: 'Show all' }).tap();
  await expect(row(phone.page, bilal.name)).toContainText('1 unread message');
});

test('archiving is taken back with the button and with the key', async ({ pair }) => {
  const { ayesha, bilal, conversation } = pair;
  await seedRead(bilal, ayesha, conversation, ['Chai at 5?']);
  const it = new Organiser(await ayesha.open('/'));
  for (const undo of [
    () => it.undo.getByRole('button', { name: 'Undo' }).click(),
    () => it.page.keyboard.press('Control+z'),
  ]) {
    await it.pick(bilal.name, 'Archive');
    await expect(it.undo).toContainText(`${bilal.name} is in the archive.`);
    const said = it.page.getByTestId('announcer').getByRole('status');
    await expect(said).toContainText('is in the archive.');
    await expect(row(it.page, bilal.name)).toHaveCount(0);
    await undo();
    await expect(row(it.page, bilal.name)).toBeVisible();
    await expect(it.undo).toHaveCount(0);
    await arranged(ayesha, conversation, { archived: null });
  }
});

test('a muted conversation shows it and calls nobody', async ({ pair, signUp }) => {
  const { ayesha, bilal, conversation, path } = pair;
  const sana = await signUp('Sana');
  const elsewhere = await ayesha.openDirect(sana);
  const [here, there] = [new Organiser(await ayesha.open('/')), await ayesha.open('/', PHONE)];
  await here.pick(bilal.name, 'Mute', 'For an hour');
  for (const page of [here.page, there]) {
    await expect(row(page, bilal.name)).toContainText('Muted');
  }
  const { mute } = (await ayesha.summary(conversation)).preferences;
  const left = typeof mute === 'object' ? mute.until - Date.now() : 0;
  expect(Math.abs(left - 3_600_000)).toBeLessThan(60_000);

  const device = await bilal.device();
  await device.sendAll(conversation, ['one', 'two']);
  await expect(row(here.page, bilal.name)).toContainText('2 unread messages');
  await expect(here.page).not.toHaveTitle(/^\(/);
  // What another says is counted, so that nothing more is to come of the first.
  await seed(sana, elsewhere, ['hello']);
  await expect(here.page).toHaveTitle(/^\(1\) /);

  // On screen it is silent too.
  const page = await ayesha.open(path);
  await new Thread(page).endsWith('one', 'two');
  await device.send(conversation, 'three');
  await new Thread(page).endsWith('two', 'three');
  await new Organiser(page).pick(bilal.name, 'Unmute');
  await arranged(ayesha, conversation, { mute: 'off' });
  await device.send(conversation, 'four');
  await expect(page.getByRole('log')).toHaveText(`${bilal.name}: four`);
});

test('what is archived offline stays so through a reload and arrives', async ({ noise, pair }) => {
  noise.expectBrokenConnections();
  const { ayesha, bilal, conversation } = pair;
  await seedRead(bilal, ayesha, conversation, ['Chai at 5?']);
  const page = await (await ayesha.browser()).newPage();
  const gate = await SocketGate.before(page);
  await page.goto('/');
  await alive(page);
  await expect.poll(() => gate.count('hello')).toBe(1);
  const it = new Organiser(page);
  await gate.cut();
  await it.pick(bilal.name, 'Archive');
  await expect(row(page, bilal.name)).toHaveCount(0);
  expect((await ayesha.summary(conversation)).preferences.archived).toBeNull();
  await expect.poll(() => stored(page)).toContain('{\\"archive\\":1}');
  await page.reload();
  await alive(page);
  await expect(row(page, bilal.name)).toHaveCount(0);
  await it.filter('Archived').check();
  await expect(row(page, bilal.name)).toBeVisible();
  expect((await ayesha.summary(conversation)).preferences.archived).toBeNull();

  gate.mend();
  await arranged(ayesha, conversation, { archived: 1 });
  expect(gate.count('arrange')).toBe(1);
});

test('favourites stand on top, on every device', async ({ pair, signUp }) => {
  const { ayesha, bilal, conversation } = pair;
  const sana = await signUp('Sana');
  await seed(bilal, conversation, ['first']);
  await seed(sana, await ayesha.openDirect(sana), ['second']);
  const [here, there] = [new Organiser(await ayesha.open('/')), new Organiser(await ayesha.open('/'))];
  await expect.poll(() => here.names()).toEqual([sana.name, bilal.name]);
  await here.pick(bilal.name, 'Add to favourites');
  for (const it of [here, there]) {
    await expect.poll(() => it.names()).toEqual([bilal.name, sana.name]);
    await expect(it.page.getByRole('heading', { name: 'Favourites' })).toBeVisible();
  }
  await there.pick(bilal.name, 'Remove from favourites');
  await expect.poll(() => here.names()).toEqual([sana.name, bilal.name]);
  await expect(here.page.getByRole('heading', { name: 'Favourites' })).toBeHidden();
});

test('what is marked as unread has a dot until it is opened', async ({ pair }) => {
  const { ayesha, bilal, conversation } = pair;
  await seedRead(bilal, ayesha, conversation, ['Chai at 5?']);
  const [here, there] = [new Organiser(await ayesha.open('/')), await ayesha.open('/', PHONE)];
  await here.pick(bilal.name, 'Mark as unread');
  for (const page of [here.page, there]) {
    await expect(row(page, bilal.name)).toContainText('Marked as unread');
  }
  await row(there, bilal.name).tap();
  await new Thread(there).endsWith('Chai at 5?');
  await expect(row(here.page, bilal.name)).not.toContainText('Marked as unread');
  await arranged(ayesha, conversation, { marked_unread: false });

  // What is unread is read from the menu.
  const device = await bilal.device();
  await row(there, bilal.name).waitFor({ state: 'hidden' });
  await there.goto('/');
  await device.send(conversation, 'haan?');
  await expect(row(here.page, bilal.name)).toContainText('1 unread message');
  await here.pick(bilal.name, 'Mark as read');
  await expect(row(here.page, bilal.name)).not.toContainText('unread');
  expect((await ayesha.summary(conversation)).unread).toBe(0);
});

test('filters by keyboard, remembered and right in the first paint', async ({ pair, signUp }) => {
  const { ayesha, bilal, conversation } = pair;
  const sana = await signUp('Sana');
  await ayesha.createGroup('Chai', [bilal, sana]);
  await seed(bilal, conversation, ['unread']);
  await ayesha.openDirect(sana);
  const context = await ayesha.browser();
  const page = await context.newPage();
  await page.goto('/');
  await alive(page);
  const it = new Organiser(page);
  await expect.poll(async () => (await it.names()).length).toBe(3);
  await expect(it.filter('Archived')).toBeHidden();
  await it.filter('All').focus();
  await page.keyboard.press('ArrowRight');
  await expect(it.filter('Unread')).toBeChecked();
  await expect.poll(() => it.names()).toEqual([bilal.name]);
  await page.keyboard.press('ArrowRight');
  await expect(it.filter('Groups')).toBeChecked();
  await expect.poll(() => it.names()).toEqual(['Chai']);
  await expectAccessible(page, 'the list of groups');

  const answer = await context.request.get('/');
  const html = await answer.text();
  expect(html).toContain('Chai');
  const rows = html.match(/class="conversation-name[^"]*"/g) ?? [];
  expect(rows).toHaveLength(1);
  await page.reload();
  await alive(page);
  await expect(it.filter('Groups')).toBeChecked();
  await expect.poll(() => it.names()).toEqual(['Chai']);
});

test('without script a filter is a form', async ({ pair }) => {
  const { ayesha, bilal, conversation } = pair;
  await seedRead(bilal, ayesha, conversation, ['read']);
  const page = await ayesha.open('/', { javaScriptEnabled: false });
  const it = new Organiser(page);
  await expect(row(page, bilal.name)).toBeVisible();
  await expect(page.locator('.row-more')).toBeHidden();
  await it.filter('Groups').check();
  await page.locator('.filters').getByRole('button', { name: 'Save' }).click();
  await expect(it.filter('Groups')).toBeChecked();
  await expect(row(page, bilal.name)).toHaveCount(0);
  await expect(page.getByTestId('nothing-here')).toContainText('You are in no group.');
});

test('the menu opens by keyboard, and the focus comes back to the row', async ({ pair, signUp }) => {
  const { ayesha, bilal, conversation } = pair;
  const sana = await signUp('Sana');
  await ayesha.openDirect(sana);
  await seedRead(bilal, ayesha, conversation, ['Chai at 5?']);
  const it = new Organiser(await ayesha.open('/'));
  const { page } = it;
  await row(page, bilal.name).focus();
  await page.keyboard.press('Shift+F10');
  await expect(it.item('Mark as unread')).toBeFocused();
  await expect(it.menu).toHaveAccessibleName(`Actions for ${bilal.name}`);
  await page.keyboard.press('Escape');
  await expect(row(page, bilal.name)).toBeFocused();

  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('button', { name: `Actions for ${bilal.name}` })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(it.item('Mark as unread')).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect(it.item('Mute')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(it.item('For an hour')).toBeFocused();
  await page.keyboard.press('End');
  await expect(it.item('Always')).toBeFocused();
  await page.keyboard.press('Enter');
  await arranged(ayesha, conversation, { mute: 'always' });
  await expect(row(page, bilal.name)).toContainText('Muted');

  // What goes away leaves the focus in the list.
  await row(page, bilal.name).focus();
  await page.keyboard.press('Shift+F10');
  await expect(it.item('Mark as unread')).toBeFocused();
  for (const item of ['Report', 'Block', 'Clear conversation', 'Archive']) {
    await page.keyboard.press('ArrowUp');
    await expect(it.item(item)).toBeFocused();
  }
  await page.keyboard.press('Enter');
  await expect(row(page, bilal.name)).toHaveCount(0);
  await expect(row(page, sana.name)).toBeFocused();
});

test('by touch a resting finger opens the menu and follows no link', async ({ pair }) => {
  const { ayesha, bilal, conversation } = pair;
  await seedRead(bilal, ayesha, conversation, ['Chai at 5?']);
  const it = new Organiser(await ayesha.open('/', PHONE));
  await it.rest(bilal.name);
  await expect(it.page).toHaveURL('/');
  await expectAccessible(it.page, 'the menu on a phone');
  await it.item('Add to favourites').tap();
  await arranged(ayesha, conversation, { favourite: true });
  // The button is its twin.
  await it.page.getByRole('button', { name: `Actions for ${bilal.name}` }).tap();
  await it.item('Mute').tap();
  await it.item('For a day').tap();
  await expect(row(it.page, bilal.name)).toContainText('Muted');

  // So is the one above the conversation.
  await row(it.page, bilal.name).tap();
  await it.page.getByRole('button', { name: `Actions for ${bilal.name}` }).tap();
  await expect(it.menu).toContainText(/Muted until/);
  await it.item('Archive').tap();
  await arranged(ayesha, conversation, { archived: 1 });
  await it.undo.getByRole('button', { name: 'Undo' }).tap();
  await arranged(ayesha, conversation, { archived: null });
});

for (const look of [
  { name: 'English', options: {} },
  { name: 'Urdu, dark', options: { locale: 'ur-PK', colorScheme: 'dark' as const } },
  { name: 'Hindi, a phone', options: { locale: 'hi-IN', ...PHONE } },
]) {
  test(`no rule is broken around an arranged list: ${look.name}`, async ({ pair, signUp }) => {
    const { ayesha, bilal, conversation } = pair;
    const sana = await signUp('Sana');
    await ayesha.openDirect(sana);
    await seed(bilal, conversation, ['Chai at 5?']);
    const it = new Organiser(await ayesha.open('/', look.options));
    await it.open(bilal.name);
    await expectAccessible(it.page, 'the menu');
    await it.menu.getByRole('button').nth(1).click();
    await it.open(bilal.name);
    await it.menu.getByRole('button').nth(2).click();
    await expectAccessible(it.page, 'for how long');
    await it.menu.getByRole('button').nth(2).click();
    await expect(it.page.locator('.unread-quiet')).toBeVisible();
    await it.open(sana.name);
    // Under archiving stand clearing, blocking and reporting.
    await it.menu.getByRole('button').nth(-4).click();
    await expect(it.undo).toBeVisible();
    await expectAccessible(it.page, 'the list');
  });
}
