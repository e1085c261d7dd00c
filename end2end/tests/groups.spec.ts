import type { BrowserContextOptions, Page } from '@playwright/test';
import { expectAccessible } from '../support/axe.ts';
import { Deeds } from '../support/deeds.ts';
import { SocketGate } from '../support/gate.ts';
import { Details, notices, Picker } from '../support/group.ts';
import { alive, PHONE, type Account } from '../support/people.ts';
import { expect, test as base } from '../support/test.ts';
import { row, Thread } from '../support/thread.ts';

interface Trio {
  meera: Account;
  imran: Account;
  zoya: Account;
}

interface Group extends Trio {
  title: string;
  conversation: string;
  path: string;
}

const test = base.extend<{ trio: Trio; group: Group }>({
  trio: async ({ signUp }, use) => {
    const people = await Promise.all([signUp('Meera'), signUp('Imran'), signUp('Zoya')]);
    const [meera, imran, zoya] = people;
    await use({ meera, imran, zoya });
  },

  /** Meera's, with Imran in it and without Zoya. */
  group: async ({ trio }, use) => {
    const title = `Cricket ${trio.meera.person.username}`;
    const conversation = await trio.meera.createGroup(title, [trio.imran]);
    await use({ ...trio, title, conversation, path: `/c/${conversation}` });
  },
});

test('enter takes the first one found also before the answer is there', async ({ trio }) => {
  const page = await trio.meera.open('/new/group');
  const picker = new Picker(page);
  for (const [index, person] of [trio.imran, trio.zoya].entries()) {
    await picker.field.fill(person.name);
    await picker.field.press('Enter');
    await expect(picker.chips).toHaveCount(index + 1);
    await expect(picker.chips.last()).toHaveText(person.name);
    await expect(picker.field).toHaveValue('');
  }
});

test('a group is made with the keyboard and is there at once for all', async ({ trio }) => {
  const { meera, imran, zoya } = trio;
  const [hers, his, zoyas] = await Promise.all([meera.open('/'), imran.open('/'), zoya.open('/')]);
  await hers.getByRole('link', { name: 'New chat' }).first().focus();
  await hers.keyboard.press('Enter');
  await hers.getByRole('link', { name: 'New group' }).focus();
  await hers.keyboard.press('Enter');
  const title = hers.getByLabel('Name of the group');
  await expect(title).toBeFocused();
  await hers.keyboard.type('Sunday cricket');
  await hers.keyboard.press('Enter');

  const picker = new Picker(hers);
  await expect(picker.field).toBeFocused();
  await hers.keyboard.type(imran.name);
  await expect(picker.found(imran)).toBeVisible();
  await hers.keyboard.press('Enter');
  await expect(picker.chips).toHaveText([imran.name]);
  await expect(picker.field).toHaveValue('');
  await hers.keyboard.type(zoya.name);
  await expect(picker.found(zoya)).toBeVisible();
  await hers.keyboard.press('ArrowDown');
  await expect(picker.found(zoya)).toBeFocused();
  await hers.keyboard.press('Space');
  await expect(picker.found(zoya)).toHaveAttribute('aria-pressed', 'true');
  await expect(hers.getByText('2 people chosen')).toBeVisible();
  await hers.keyboard.press('Tab');
  await expect(hers.getByRole('button', { name: 'Create group' })).toBeFocused();
  await hers.keyboard.press('Enter');

  await expect(hers.getByRole('heading', { name: 'Sunday cricket', level: 1 })).toBeVisible();
  await expect(notices(hers)).toHaveText(['You created the group “Sunday cricket”']);
  await expect(new Thread(hers).header).toContainText('3 members');
  for (const page of [his, zoyas]) {
    const there = row(page, 'Sunday cricket');
    await expect(there).toContainText(`${meera.name} created the group “Sunday cricket”`);
    await there.click();
  }
  const [atMeera, atImran, atZoya] = [hers, his, zoyas].map((page) => new Thread(page)) as [
    Thread,
    Thread,
    Thread,
  ];
  await atMeera.write('Nets at five');
  await atZoya.endsWith('Nets at five');
  await atImran.endsWith('Nets at five');
  await atZoya.write('With the old bat');
  for (const thread of [atMeera, atImran]) {
    await thread.endsWith('Nets at five', 'With the old bat');
    await expect(thread.message('With the old bat').locator('.author')).toHaveText(zoya.name);
    await expect(row(thread.page, 'Sunday cricket')).toContainText(`${zoya.name}:`);
  }
  await expect(atZoya.message('With the old bat').locator('.author')).toHaveCount(0);
});

test('an answer that is lost makes no second group', async ({ noise, trio }) => {
  noise.expectBrokenConnections();
  const page = await trio.meera.open('/new/group');
  await page.getByLabel('Name of the group').fill('Only once');
  let attempts = 0;
  await page.route('**/api/create_group', async (route) => {
    attempts += 1;
    const answer = await route.fetch();
    await (attempts === 1 ? route.abort() : route.fulfill({ response: answer }));
  });
  const create = page.getByRole('button', { name: 'Create group' });
  await create.click();
  await expect(page.getByRole('alert').filter({ hasText: 'cannot be reached' })).toBeVisible();
  await expect(page.getByLabel('Name of the group')).toHaveValue('Only once');
  await create.click();
  await expect(page.getByRole('heading', { name: 'Only once', level: 1 })).toBeVisible();
  await expect(row(page, 'Only once')).toHaveCount(1);
  expect(attempts).toBe(2);
  expect(await trio.meera.titles()).toEqual(['Only once']);
});

test('a group without a name is not made, and one without others says what to do', async ({
  trio,
}) => {
  const page = await trio.meera.open('/new/group');
  await page.getByRole('button', { name: 'Create group' }).click();
  const title = page.getByLabel('Name of the group');
  await expect(title).toBeFocused();
  await expect(title).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByText('Please fill this in.')).toBeVisible();
  await title.fill('Just me');
  await page.getByRole('button', { name: 'Create group' }).click();
  const hint = page.getByTestId('alone');
  await expect(hint).toContainText('Nobody else is in this group yet.');
  await hint.getByRole('link', { name: 'Add people' }).click();
  await expect(new Details(page).heading).toBeFocused();
});

test('whoever is added sees what follows, or everything where that is the rule', async ({
  group,
  signUp,
}) => {
  const { meera, zoya, path, title } = group;
  const page = await meera.open(path);
  const thread = new Thread(page);
  await thread.write('before anybody came');
  await thread.stored('before anybody came');
  const zoyas = await zoya.open('/');

  const details = new Details(page);
  await details.open();
  await add(details, zoya);
  await expect(details.member(zoya)).toBeVisible();
  await expect(notices(page).last()).toHaveText(`You added ${zoya.name}`);
  await row(zoyas, title).click();
  await expect(notices(zoyas)).toHaveText([`${meera.name} added you`]);
  await page.keyboard.press('Escape');
  await thread.write('after she came');
  const atZoya = new Thread(zoyas);
  await atZoya.endsWith('after she came');
  expect(await atZoya.texts()).toEqual(['after she came']);

  await details.open();
  const rule = details.panel.getByLabel('Newcomers see what was written before');
  await rule.check();
  await expect(notices(page).last()).toContainText('newcomers see what was written before');
  await expect(details.waiting).toHaveCount(0);
  await expect(rule).toBeChecked();
  const sana = await signUp('Sana');
  await add(details, sana);
  await expect(details.member(sana)).toBeVisible();
  const atSana = new Thread(await sana.open(path));
  await atSana.endsWith('before anybody came', 'after she came');
});

test('a new name and description are there at once for all', async ({ group }) => {
  const { meera, imran, path, title } = group;
  const [page, his] = await Promise.all([meera.open(path), imran.open(path)]);
  const details = new Details(page);
  await details.open();
  await details.button('Change name or description').click();
  const name = details.panel.getByLabel('Name of the group');
  await expect(name).toBeFocused();
  await expect(name).toHaveValue(title);
  await name.fill('');
  await details.button('Save').click();
  await expect(name).toHaveAttribute('aria-invalid', 'true');
  await name.fill('Hockey');
  await details.panel.getByLabel('Description').fill('Sundays at five');
  await details.button('Save').click();
  await expect(details.button('Change name or description')).toBeFocused();
  await expect(details.panel).toContainText('Sundays at five');

  await expect(his.getByRole('heading', { level: 1 })).toHaveText('Hockey');
  await expect(row(his, 'Hockey')).toBeVisible();
  await expect(row(his, title)).toHaveCount(0);
  await expect(notices(his)).toHaveText([
    `${meera.name} created the group “${title}”`,
    `${meera.name} named the group “Hockey”`,
    `${meera.name} changed the description`,
  ]);
  const hisDetails = new Details(his);
  await hisDetails.open();
  await expect(hisDetails.panel).toContainText('Sundays at five');
});

test('whoever is removed sees it end and hears nothing more', async ({ group, noise }) => {
  noise.expect(/status of 404/);
  const { meera, imran, conversation, path, title } = group;
  const page = await meera.open(path);
  const his = await (await imran.browser()).newPage();
  const gate = await SocketGate.before(his);
  await his.goto(path);
  await alive(his);
  const device = await imran.device();
  await new Thread(his).write('am I in?');
  await new Thread(his).stored('am I in?');
  gate.upward = (name) => (name === 'send' ? 'hold' : 'pass');
  await new Thread(his).write('words that are on their way');
  const details = new Details(page);
  await details.open();
  await details.act(imran, 'Remove from the group');
  await expect(details.question).toContainText(`Remove ${imran.name} from the group?`);
  await details.question.getByRole('button', { name: 'Cancel' }).click();
  await expect(details.member(imran)).toBeVisible();
  await details.member(imran).getByRole('button', { name: 'Remove from the group' }).click();
  await details.question.getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(details.member(imran)).toHaveCount(0);
  await expect(details.panel.getByRole('heading', { name: 'Members' })).toBeFocused();
  await expect(notices(page).last()).toHaveText(`You removed ${imran.name}`);

  await expect(his.getByRole('heading', { level: 1 })).toHaveText('You are no longer in this group');
  await expect(row(his, title)).toHaveCount(0);
  const left = his.getByTestId('unsendable');
  await expect(left).toContainText('words that are on their way');
  await left.getByRole('button', { name: 'Discard' }).click();
  await expect(left).toHaveCount(0);
  await device.until('gone', (gone) => gone.conversation === conversation);
  await page.keyboard.press('Escape');
  await new Thread(page).write('without him');
  await new Thread(page).stored('without him');
  // What comes after it has come shows that it did not come.
  const direct = await meera.openDirect(imran);
  await (await meera.device()).send(direct, 'sorry');
  await device.until('event', ({ message }) => message.conversation === direct);
  const heard = device.received('event').map(({ message }) => message.content);
  expect(JSON.stringify(heard)).not.toContain('without him');
  await his.getByRole('link', { name: 'To your conversations' }).click();
  await expect(his).toHaveURL('/');

  await his.goto(path);
  await alive(his);
  await expect(his.getByTestId('refused')).toBeVisible();
});

test('the owner who leaves is told who follows, and they do', async ({ group }) => {
  const { meera, imran, zoya, conversation, path, title } = group;
  const device = await meera.device();
  await device.ask(conversation, { add: { users: [zoya.person.id] } });
  await device.ask(conversation, { set_role: { user: imran.person.id, role: 'admin' } });
  const [page, his] = await Promise.all([meera.open(`${path}/info`), imran.open(`${path}/info`)]);
  const [details, his_] = [new Details(page), new Details(his)];
  await expect(his_.member(meera)).toContainText('Owner');
  await expect(his_.member(imran)).toContainText('Admin');
  await details.button('Leave group').click();
  await expect(details.question).toContainText(`${imran.name} will own the group.`);
  await details.question.getByRole('button', { name: 'Leave', exact: true }).click();
  await expect(page).toHaveURL('/');
  await expect(row(page, title)).toHaveCount(0);

  await expect(his_.member(imran)).toContainText('Owner');
  await expect(his_.member(meera)).toHaveCount(0);
  await expect(notices(his).last()).toHaveText(`${meera.name} left. You own the group now.`);
  // Whoever is in it no longer is still named, to those who come later too.
  const zoyas = await zoya.open(path);
  await expect(notices(zoyas).last()).toHaveText(
    `${meera.name} left. ${imran.name} owns the group now.`,
  );
});

test('the owner deletes the group for everybody, by keyboard, and nobody else can', async ({ group, noise }) => {
  // The page of what is gone.
  noise.expect(/status of 404/);
  const { meera, imran, path, title } = group;
  const [page, his] = await Promise.all([
    meera.open(`${path}/info`),
    imran.open(`${path}/info`, PHONE),
  ]);
  const [details, his_] = [new Details(page), new Details(his)];
  const off = his_.button('Delete the group');
  await expect(off).toHaveAttribute('aria-disabled', 'true');
  await expect(off).toHaveAccessibleDescription('Only the owner can do this.');
  await off.tap({ force: true });
  await expect(his_.question).toBeHidden();

  await details.button('Delete the group').focus();
  await page.keyboard.press('Enter');
  await expect(details.question).toContainText('This cannot be taken back.');
  await page.keyboard.press('Escape');
  await expect(row(page, title)).toBeVisible();
  await page.keyboard.press('Enter');
  await details.question.getByRole('button', { name: 'Delete', exact: true }).focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL('/');
  await expect(row(page, title)).toHaveCount(0);
  await expect(his.getByRole('heading', { name: 'You are no longer in this group' })).toBeVisible();
  await his.goto(path);
  await expect(his.getByRole('main')).not.toContainText(title);
});

test('roles decide, and whatever is off says why', async ({ group }) => {
  const { meera, imran, zoya, conversation, path } = group;
  const device = await meera.device();
  await device.ask(conversation, { add: { users: [zoya.person.id] } });
  const [page, zoyas] = await Promise.all([meera.open(path), zoya.open(`${path}/info`)]);
  const [details, hers] = [new Details(page), new Details(zoyas)];
  const edit = hers.button('Change name or description');
  await expect(edit).toHaveAttribute('aria-disabled', 'true');
  await expect(edit).toHaveAccessibleDescription('Only admins can do this.');
  await expect(hers.button('Add people')).toHaveAccessibleDescription('Only admins can do this.');
  await hers.member(imran).getByRole('button', { name: /^Actions for/ }).click();
  await expect(hers.button('Make admin')).toHaveAccessibleDescription('Only the owner can do this.');
  await expect(hers.button('Remove from the group')).toHaveAccessibleDescription(
    'Only admins can do this.',
  );
  await hers.member(meera).getByRole('button', { name: /^Actions for/ }).click();
  await expect(
    hers.member(meera).getByRole('button', { name: 'Remove from the group' }),
  ).toHaveAccessibleDescription(/Only admins|hand the group over first/);
  await edit.dispatchEvent('click');
  await expect(hers.panel.getByLabel('Name of the group')).toHaveCount(0);

  await details.open();
  await details.act(zoya, 'Make admin');
  await expect(details.member(zoya)).toContainText('Admin');
  await expect(details.member(zoya).getByRole('button', { name: /^Actions for/ })).toBeFocused();
  await expect(edit).not.toHaveAttribute('aria-disabled', 'true');
  await expect(notices(zoyas).last()).toHaveText(`${meera.name} made you an admin`);

  await details.act(zoya, 'Hand the group over');
  await expect(details.question).toContainText('you will be an admin');
  await details.question.getByRole('button', { name: 'Hand the group over' }).click();
  await expect(details.member(zoya)).toContainText('Owner');
  await expect(details.member(meera)).toContainText('Admin');
  await expect(notices(zoyas).last()).toHaveText(`${meera.name} handed the group over to you`);
});

test('where only admins write, the others see why instead of a message box', async ({ group }) => {
  const { meera, imran, path } = group;
  const [page, his] = await Promise.all([meera.open(path), imran.open(path)]);
  const [thread, atImran] = [new Thread(page), new Thread(his)];
  await atImran.composer.fill('half a sentence');
  const details = new Details(page);
  await details.open();
  await details.panel.getByLabel('Only admins write').check();
  await expect(his.getByTestId('closed')).toHaveText('Only admins write in this group.');
  await expect(atImran.composer).toHaveCount(0);
  await expect(his.getByRole('link', { name: 'Skip to content' })).toBeAttached();
  await page.keyboard.press('Escape');
  await thread.write('no practice today');
  await atImran.endsWith('no practice today');
  await details.open();
  await details.panel.getByLabel('Only admins write').uncheck();
  await expect(atImran.composer).toHaveValue('half a sentence');
});

test('a refused message says why, keeps its words, and is sent when it may be', async ({ group }) => {
  const { meera, imran, conversation, path } = group;
  const his = await (await imran.browser()).newPage();
  const gate = await SocketGate.before(his);
  await his.goto(path);
  await alive(his);
  const thread = new Thread(his);
  gate.upward = (name) => (name === 'send' ? 'hold' : 'pass');
  await thread.write('is there practice?');
  await thread.waits('is there practice?');
  const device = await meera.device();
  const onlyAdmins = (announcements_only: boolean) =>
    device.ask(conversation, {
      configure: { settings: { announcements_only, history_for_new: false } },
    });
  await onlyAdmins(true);
  await expect(his.getByTestId('closed')).toBeVisible();
  gate.release();
  const message = thread.message('is there practice?');
  await expect(message).toContainText('Not sent: You are not allowed to do that.');
  // Without a composer its words have nowhere to go, also where there never was one.
  await his.reload();
  await alive(his);
  await expect(message).toContainText('Not sent: You are not allowed to do that.');
  const deeds = new Deeds(thread);
  await deeds.open('is there practice?');
  await expect(deeds.item('Copy text')).toBeVisible();
  await expect(deeds.item('Edit')).toHaveCount(0);
  await his.keyboard.press('Escape');
  await onlyAdmins(false);
  await expect(his.getByTestId('closed')).toHaveCount(0);
  await message.getByRole('button', { name: 'Retry' }).click();
  await thread.stored('is there practice?');
  const stored = await device.texts(conversation);
  expect(stored.filter((text) => text === 'is there practice?')).toHaveLength(1);
});

test('what is asked for without a connection waits, and what is refused is told', async ({
  group,
}) => {
  const { meera, imran, conversation, path, title } = group;
  const device = await meera.device();
  await device.ask(conversation, { set_role: { user: imran.person.id, role: 'admin' } });
  const his = await (await imran.browser()).newPage();
  const gate = await SocketGate.before(his);
  await his.goto(`${path}/info`);
  await alive(his);
  const details = new Details(his);
  await expect(details.member(imran)).toContainText('Admin');
  gate.upward = (name) => (name === 'send' ? 'hold' : 'pass');
  await rename(details, 'Held back');
  await expect(details.waiting).toContainText('New name: “Held back”');
  await expect(details.waiting).toContainText('waiting');
  await expect(his.getByRole('heading', { level: 1 })).toHaveText(title);
  gate.release();
  await expect(details.waiting).toHaveCount(0);
  await expect(his.getByRole('heading', { level: 1 })).toHaveText('Held back');

  gate.upward = (name) => (name === 'send' ? 'hold' : 'pass');
  await rename(details, 'Too late');
  await device.ask(conversation, { set_role: { user: imran.person.id, role: 'member' } });
  await expect(details.member(imran)).not.toContainText('Admin');
  gate.release();
  await expect(details.waiting).toContainText('Not done: You are not allowed to do that.');
  await expect(his.getByRole('heading', { level: 1 })).toHaveText('Held back');
  await details.waiting.getByRole('button', { name: 'Dismiss' }).click();
  await expect(details.waiting).toHaveCount(0);
});

test('several who type are named together', async ({ group }) => {
  const { meera, imran, zoya, conversation, path } = group;
  const hers = await meera.device();
  await hers.ask(conversation, { add: { users: [zoya.person.id] } });
  const page = await imran.open(path);
  // What comes in shows that the page is connected; typing is told only to those who are.
  await hers.send(conversation, 'hello');
  await new Thread(page).endsWith('hello');
  const line = page.getByTestId('typing');
  hers.typing(conversation, true);
  await expect(line).toHaveText(`${meera.name} is typing`);
  const zoyas = await zoya.device();
  zoyas.typing(conversation, true);
  await expect(line).toHaveText(`${meera.name} and ${zoya.name} are typing`);
  await hers.send(conversation, 'done');
  await expect(line).toHaveText(`${zoya.name} is typing`);
});

test('on a phone: people are touched, chips take them out, the title leads to the details', async ({
  trio,
}) => {
  const { meera, imran, zoya } = trio;
  const page = await meera.open('/new', PHONE);
  await page.getByRole('link', { name: 'New group' }).tap();
  await page.getByLabel('Name of the group').fill('Chai');
  const picker = new Picker(page);
  for (const account of [imran, zoya]) {
    await picker.find(account);
    await picker.found(account).tap();
  }
  await expect(picker.chips).toHaveText([imran.name, zoya.name]);
  expect(await tooSmall(page)).toEqual([]);
  await picker.chips.first().tap();
  await expect(picker.chips).toHaveText([zoya.name]);
  await page.getByRole('button', { name: 'Create group' }).tap();
  await expect(page.getByRole('heading', { name: 'Chai', level: 1 })).toBeVisible();

  const thread = new Thread(page);
  const title = await page.getByRole('heading', { level: 1 }).boundingBox();
  await page.touchscreen.tap((title?.x ?? 0) + 10, (title?.y ?? 0) + 10);
  const details = new Details(page);
  await expect(details.heading).toBeVisible();
  await expect(details.member(zoya)).toBeVisible();
  await expect(thread.composer).toBeHidden();
  await details.member(zoya).getByRole('button', { name: /^Actions for/ }).tap();
  expect(await tooSmall(page)).toEqual([]);
  await details.panel.getByRole('link', { name: 'Back' }).tap();
  await expect(details.panel).toHaveCount(0);
  await expect(thread.composer).toBeVisible();
  await page.goBack();
  await expect(page).not.toHaveURL(/\/c\//);
});

test('Escape and the button close the details, and the focus goes back', async ({ group }) => {
  const page = await group.meera.open(group.path);
  const details = new Details(page);
  const link = page.getByRole('link', { name: 'Group details' });
  await details.open();
  await page.keyboard.press('Escape');
  await expect(details.panel).toHaveCount(0);
  await expect(page).toHaveURL(group.path);
  await expect(link).toBeFocused();
  await details.open();
  await details.panel.getByRole('link', { name: 'Close' }).click();
  await expect(details.panel).toHaveCount(0);
  await expect(link).toBeFocused();
  // The messages stayed where they were: the details are a part of the same page.
  await page.goBack();
  await expect(page).not.toHaveURL(/info/);
});

const LOOKS: { name: string; theme: 'subah' | 'raat'; options: BrowserContextOptions }[] = [
  { name: 'wide, subah, English', theme: 'subah', options: {} },
  { name: 'phone, raat, English', theme: 'raat', options: PHONE },
  { name: 'wide, raat, Urdu', theme: 'raat', options: { locale: 'ur-PK' } },
  { name: 'phone, subah, Urdu', theme: 'subah', options: { ...PHONE, locale: 'ur-PK' } },
];

for (const { name, theme, options } of LOOKS) {
  test(`no rule is broken in what groups show: ${name}`, async ({ group, signUp }) => {
    test.setTimeout(180_000);
    const { meera, imran, zoya, conversation, path } = group;
    const device = await meera.device();
    const urdu = await signUp('عمران');
    await device.ask(conversation, { add: { users: [zoya.person.id, urdu.person.id] } });
    await device.ask(conversation, { set_role: { user: imran.person.id, role: 'admin' } });
    await device.ask(conversation, { describe: { description: 'اتوار کو پانچ بجے\nSundays' } });
    await (await urdu.device()).send(conversation, 'ٹھیک ہے');
    await device.send(conversation, 'theirs');
    const context = await imran.browser(options);
    await context.addCookies([
      { name: 'bc_theme', value: theme, url: await origin(await context.newPage()) },
    ]);
    const page = await context.newPage();
    for (const address of ['/new/group', path, `${path}/info`]) {
      await page.goto(address);
      await alive(page);
      await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
      await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
      await expectAccessible(page, address);
    }
    // Everything unfolded.
    const panel = page.locator('.details');
    const more = panel.locator('[aria-expanded]');
    for (let index = 0; index < (await more.count()); index += 1) {
      await more.nth(index).click();
    }
    await panel.locator('#edit-details').click();
    await panel.locator('#add-people').click();
    await expect(panel.locator('#picker-term')).toBeVisible();
    await panel.locator('#picker-term').fill(meera.name);
    await expect(panel.locator('.person')).toHaveCount(1);
    await expectAccessible(page, 'the details unfolded');
    await panel.locator('#group-leave').click();
    await expect(page.locator('dialog[open]')).toBeVisible();
    await expectAccessible(page, 'the question');
  });
}

async function add(details: Details, account: Account): Promise<void> {
  await details.button('Add people').click();
  const picker = new Picker(details.page);
  await expect(picker.field).toBeFocused();
  await picker.find(account);
  await picker.found(account).click();
  await details.button('Add').click();
  await expect(details.button('Add people')).toBeFocused();
}

async function rename(details: Details, title: string): Promise<void> {
  await details.button('Change name or description').click();
  await details.panel.getByLabel('Name of the group').fill(title);
  await details.button('Save').click();
}

async function origin(page: Page): Promise<string> {
  await page.goto('/login');
  return page.url();
}

/** Whatever of groups can be touched and is smaller than a finger. */
async function tooSmall(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('.page :is(a, button, input), .details :is(a, button, input)')]
      .filter((node) => node.checkVisibility({ visibilityProperty: true }))
      .map((node) => {
        const target = node.matches('input') ? (node.closest('label') ?? node) : node;
        return { node, box: target.getBoundingClientRect() };
      })
      .filter(({ box }) => box.width > 1 && (box.width < 44 || box.height < 44))
      .map(({ node, box }) => `${node.outerHTML.slice(0, 80)}: ${box.width}×${box.height}`),
  );
}
