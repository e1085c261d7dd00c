import { expectAccessible } from '../support/axe.ts';
import { stored } from '../support/deeds.ts';
import { Folders } from '../support/folders.ts';
import { SocketGate } from '../support/gate.ts';
import { alive, PHONE } from '../support/people.ts';
import { seedRead } from '../support/seed.ts';
import { expect, test } from '../support/test.ts';
import { row } from '../support/thread.ts';

const DESK = { viewport: { width: 1440, height: 900 } };

test('a folder is made, filled, looked at, renamed and deleted, on every device at once', async ({
  pair,
  signUp,
}) => {
  const { ayesha, bilal, conversation } = pair;
  const sana = await signUp('Sana');
  await seedRead(bilal, ayesha, conversation, ['Chai at 5?']);
  const other = await ayesha.openDirect(sana);
  await seedRead(sana, ayesha, other, ['Salaam']);
  const here = new Folders(await ayesha.open('/', DESK));
  const there = new Folders(await ayesha.open('/'));
  await here.make(bilal.name, 'Ghar');
  for (const it of [here, there]) {
    await it.chip('Ghar').check();
    await expect.poll(() => it.list.names()).toEqual([bilal.name]);
  }
  await expectAccessible(here.page, 'a folder');

  // What another device puts into it is there at once.
  await there.chip('All').check();
  await there.open(sana.name);
  await there.choice('Ghar').check();
  await expectAccessible(there.page, 'choosing a folder');
  await expect.poll(async () => (await here.list.names()).length).toBe(2);
  await there.choice('No folder').check();
  await expect.poll(() => here.list.names()).toEqual([bilal.name]);

  await there.button('Rename the folder Ghar').click();
  await there.dialog.getByLabel('Name of the folder').fill('Parivaar');
  await there.button('Save').click();
  await expect(there.choice('Parivaar')).toBeVisible();
  await expect(here.chip('Parivaar')).toBeChecked();
  await expect(here.chip('Ghar')).toHaveCount(0);

  await there.button('Delete the folder Parivaar').click();
  await expect(there.dialog).toContainText('Its conversations stay in your list.');
  await there.button('Delete the folder').click();
  for (const it of [here, there]) {
    await expect(it.chip('Parivaar')).toHaveCount(0);
    await expect(it.chip('All')).toBeChecked();
  }
  await expect.poll(async () => (await here.list.names()).length).toBe(2);
});

test('a folder that is empty says how to fill it, and what cannot be a name says why', async ({
  pair,
}) => {
  const { ayesha, bilal, conversation } = pair;
  await seedRead(bilal, ayesha, conversation, ['Chai at 5?']);
  const it = new Folders(await ayesha.open('/'));
  await it.open(bilal.name);
  await it.button('Make the folder').click();
  await expect(it.dialog.getByRole('alert')).not.toBeEmpty();
  await expect(it.fresh).toBeFocused();
  await it.fresh.fill('x'.repeat(41));
  await it.button('Make the folder').click();
  await expect(it.dialog.getByRole('alert')).toHaveText('This is too long. At most 40 characters.');
  await it.fresh.fill('Kaam');
  await it.button('Make the folder').click();
  await expect(it.dialog.getByRole('alert')).toBeHidden();
  await expect(it.fresh).toHaveValue('');
  await it.choice('No folder').check();
  await it.button('Close').click();
  await it.chip('Kaam').check();
  const empty = it.page.getByTestId('nothing-here');
  await expect(empty).toContainText('There is nothing in this folder.');
  await expectAccessible(it.page, 'an empty folder');
  await empty.getByRole('button', { name: 'Show all' }).click();
  await expect(row(it.page, bilal.name)).toBeVisible();
});

test('by keyboard alone: made from the row, chosen, and the focus returns', async ({ pair }) => {
  const { ayesha, bilal, conversation } = pair;
  await seedRead(bilal, ayesha, conversation, ['Chai at 5?']);
  const it = new Folders(await ayesha.open('/', DESK));
  const { keyboard } = it.page;
  await row(it.page, bilal.name).focus();
  await keyboard.press('Shift+F10');
  await it.list.item('Folder…').focus();
  await keyboard.press('Enter');
  await expect(it.choice('No folder')).toBeFocused();
  await keyboard.press('Tab');
  await expect(it.fresh).toBeFocused();
  await keyboard.type('Ghar');
  await keyboard.press('Enter');
  await expect(it.choice('Ghar')).toBeChecked();
  await it.choice('Ghar').focus();
  await keyboard.press('ArrowUp');
  await expect(it.choice('No folder')).toBeChecked();
  await keyboard.press('ArrowDown');
  await expect(it.choice('Ghar')).toBeChecked();
  await keyboard.press('Tab');
  await expect(it.button('Rename the folder Ghar')).toBeFocused();
  await keyboard.press('Enter');
  await expect(it.dialog.getByLabel('Name of the folder')).toBeFocused();
  await keyboard.press('Escape');
  await expect(it.dialog).toBeHidden();
  await expect(row(it.page, bilal.name)).toBeFocused();
  await it.chip('All').focus();
  await keyboard.press('ArrowLeft');
  await expect(it.chip('Ghar')).toBeChecked();
  await expect.poll(() => it.list.names()).toEqual([bilal.name]);
});

test('the focus stays near where a conversation leaves the folder that is looked at', async ({
  pair,
}) => {
  const { ayesha, bilal, conversation } = pair;
  await seedRead(bilal, ayesha, conversation, ['Chai at 5?']);
  const it = new Folders(await ayesha.open('/', DESK));
  const { keyboard } = it.page;
  await it.make(bilal.name, 'Ghar');
  await it.chip('Ghar').check();
  await row(it.page, bilal.name).focus();
  await keyboard.press('Shift+F10');
  await it.list.item('Folder…').focus();
  await keyboard.press('Enter');
  await expect(it.choice('Ghar')).toBeFocused();
  await keyboard.press('ArrowUp');
  await expect(it.choice('No folder')).toBeChecked();
  await keyboard.press('Escape');
  await expect(it.dialog).toBeHidden();
  await expect(row(it.page, bilal.name)).toHaveCount(0);
  await expect(it.chip('Ghar')).toBeFocused();

  await it.page.getByTestId('nothing-here').getByRole('button', { name: 'Show all' }).focus();
  await keyboard.press('Enter');
  await expect(row(it.page, bilal.name)).toBeFocused();
});

test('what the server refuses is said, and marks no field that stands there for another name', async ({
  pair,
}) => {
  const { ayesha, bilal, conversation } = pair;
  await seedRead(bilal, ayesha, conversation, ['Chai at 5?']);
  const page = await (await ayesha.browser()).newPage();
  const gate = await SocketGate.before(page);
  gate.upward = (name) => (name === 'folder' ? 'deny' : 'pass');
  await page.goto('/');
  await alive(page);
  const it = new Folders(page);
  await it.open(bilal.name);
  await it.fresh.fill('Ghar');
  await it.button('Make the folder').click();
  const said = it.dialog.getByRole('alert');
  await expect(said).toHaveText('You have 50 folders already. Delete one first.');
  await expect(it.choice('Ghar')).toHaveCount(0);
  await expect(it.fresh).toHaveValue('');
  await expect(it.fresh).not.toHaveAttribute('aria-invalid', 'true');
  await expectAccessible(page, 'a folder that was refused');

  gate.upward = () => 'pass';
  await it.fresh.fill('Kaam');
  await it.button('Make the folder').click();
  await expect(it.choice('Kaam')).toBeChecked();
  await expect(said).toBeHidden();
});

test('by touch on a narrow screen nothing is wider than it', async ({ pair }) => {
  const { ayesha, bilal, conversation } = pair;
  await seedRead(bilal, ayesha, conversation, ['Chai at 5?']);
  const it = new Folders(await ayesha.open('/', PHONE));
  const names = ['Ghar', 'w'.repeat(40), 'a b '.repeat(10).trim()];
  await it.list.rest(bilal.name);
  await it.list.item('Folder…').tap();
  for (const name of names) {
    await it.fresh.fill(name);
    await it.button('Make the folder').tap();
    await expect(it.choice(name)).toBeChecked();
  }
  const isTooWide = (): boolean =>
    document.documentElement.scrollWidth > document.documentElement.clientWidth;
  expect(await it.page.evaluate(isTooWide)).toBe(false);
  const inside = await it.dialog.evaluate((dialog) => dialog.scrollWidth <= dialog.clientWidth);
  expect(inside).toBe(true);
  await it.choice('Ghar').check();
  await it.button('Close').tap();
  // There is no conversation on the screen to say it over.
  await expect(it.page.getByTestId('spoken')).toHaveText('In the folder Ghar');
  await expect(it.page.getByTestId('spoken')).toBeInViewport({ ratio: 1 });
  await it.chip('Ghar').check();
  expect(await it.page.evaluate(isTooWide)).toBe(false);
});

test('what is put into a folder offline stays so through a reload and arrives', async ({
  noise,
  pair,
}) => {
  noise.expectBrokenConnections();
  const { ayesha, bilal, conversation } = pair;
  await seedRead(bilal, ayesha, conversation, ['Chai at 5?']);
  const page = await (await ayesha.browser()).newPage();
  const gate = await SocketGate.before(page);
  await page.goto('/');
  await alive(page);
  await expect.poll(() => gate.count('hello')).toBe(1);
  const other = new Folders(await ayesha.open('/'));
  const it = new Folders(page);
  await gate.cut();
  await it.make(bilal.name, 'Ghar');
  await it.chip('Ghar').check();
  await expect.poll(() => it.list.names()).toEqual([bilal.name]);
  await expect.poll(() => stored(page)).toContain('\\"folder_name\\":\\"Ghar\\"');
  await page.reload();
  await alive(page);
  await expect(it.chip('Ghar')).toBeChecked();
  await expect.poll(() => it.list.names()).toEqual([bilal.name]);
  await expect(other.chip('Ghar')).toHaveCount(0);
  expect((await ayesha.summary(conversation)).preferences.folder).toBeNull();

  gate.mend();
  await other.chip('Ghar').check();
  await expect.poll(() => other.list.names()).toEqual([bilal.name]);
  expect(gate.count('folder')).toBe(1);
});

test('the folder that is looked at is remembered, also from the header’s menu', async ({ pair }) => {
  const { ayesha, bilal, conversation, path } = pair;
  await seedRead(bilal, ayesha, conversation, ['Chai at 5?']);
  const it = new Folders(await ayesha.open(path, DESK));
  const menu = it.page.getByRole('main').getByRole('button', { name: `Actions for ${bilal.name}` });
  await menu.click();
  await it.list.item('Folder…').click();
  await it.fresh.fill('Ghar');
  await it.button('Make the folder').click();
  await expect(it.choice('Ghar')).toBeChecked();
  await it.page.keyboard.press('Escape');
  await expect(it.dialog).toBeHidden();
  await expect(menu).toBeFocused();
  await it.chip('Ghar').check();
  await it.page.reload();
  await alive(it.page);
  await expect(it.chip('Ghar')).toBeChecked();
  await expect.poll(() => it.list.names()).toEqual([bilal.name]);
});
