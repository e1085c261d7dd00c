import { expectAccessible } from '../support/axe.ts';
import { SignInForm, SignUpForm } from '../support/forms.ts';
import { Details, notices } from '../support/group.ts';
import { alive, PASSWORD, PHONE, tag, type Account } from '../support/people.ts';
import { expect, test as base } from '../support/test.ts';
import { row, Thread } from '../support/thread.ts';

interface Group {
  meera: Account;
  zoya: Account;
  title: string;
  conversation: string;
  path: string;
}

const test = base.extend<{ group: Group }>({
  /** Meera's, and Zoya is not in it. */
  group: async ({ signUp }, use) => {
    const [meera, zoya] = await Promise.all([signUp('Meera'), signUp('Zoya')]);
    const title = `Cricket ${meera.person.username}`;
    const conversation = await meera.createGroup(title, []);
    await use({ meera, zoya, title, conversation, path: `/c/${conversation}` });
  },
});

test('a link is made with the keyboard, and leads a stranger into the group', async ({ group }) => {
  const { meera, zoya, title, path } = group;
  const [hers, his] = await Promise.all([meera.open(path), zoya.open('/')]);
  await hers.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const details = new Details(hers);
  await details.open();
  await details.button('Make a link').focus();
  await hers.keyboard.press('Enter');
  await expect(details.panel.getByLabel('The link ends')).toBeFocused();
  await hers.keyboard.press('Tab');
  const uses = details.panel.getByLabel('Who can join by it');
  await expect(uses).toBeFocused();
  await uses.selectOption('one person');
  await hers.keyboard.press('Tab');
  await expect(details.button('Make link')).toBeFocused();
  await hers.keyboard.press('Enter');
  const field = details.panel.getByLabel('The new link');
  await expect(field).toBeFocused();
  await expect(field).toHaveAccessibleDescription(/not shown again/);
  const link = await field.inputValue();
  expect(link).toMatch(/^http.*\/join\/[\w-]{32}$/);
  await hers.keyboard.press('Tab');
  await expect(details.button('Copy')).toBeFocused();
  await hers.keyboard.press('Enter');
  await expect(details.panel.getByText('Copied.')).toBeVisible();
  expect(await hers.evaluate(() => navigator.clipboard.readText())).toBe(link);
  await details.button('Done').focus();
  await hers.keyboard.press('Enter');
  await expect(field).toHaveCount(0);
  const links = details.panel.getByTestId('links').getByRole('listitem');
  await expect(links).toHaveCount(1);
  await expect(links).toContainText('0 of 1 used');
  await expectAccessible(hers, 'details with a link');

  await his.goto(link);
  const invitation = his.getByTestId('invitation');
  await expect(invitation.getByRole('heading', { name: title })).toBeVisible();
  await expect(invitation).toContainText(`${meera.name} invites you to this group.`);
  await expect(invitation).toContainText('1 member');
  await expectAccessible(his, 'an invitation');
  // Looking is not joining.
  expect(await zoya.titles()).toEqual([]);
  await alive(his);
  await his.getByRole('button', { name: 'Join group' }).focus();
  await his.keyboard.press('Enter');
  await expect(his).toHaveURL(path);
  await expect(his.getByRole('heading', { name: title, level: 1 })).toBeVisible();
  await expect(notices(his).last()).toHaveText(`You joined by a link of ${meera.name}`);
  await expect(row(his, title)).toBeVisible();
  await expect(notices(hers).last()).toHaveText(`${zoya.name} joined by your link`);
  await expect(links).toContainText('1 of 1 used');
  await expect(links).toContainText('Used up');
  const [atMeera, atZoya] = [new Thread(hers), new Thread(his)];
  await expect(atMeera.header.first()).toContainText('2 members');
  await atZoya.write('Hello from outside');
  await atMeera.endsWith('Hello from outside');
});

test('whoever is not signed in makes an account and comes back to the invitation', async ({
  group,
  stranger,
}) => {
  const { meera, title, conversation } = group;
  const link = await meera.invite(conversation);
  const page = await (await stranger()).newPage();
  await page.goto(link);
  await expect(page.getByText('You were invited to a group.')).toBeVisible();
  await expect(page.getByText(title)).toHaveCount(0);
  await alive(page);
  await page.getByRole('link', { name: 'New here? Create an account' }).click();
  await expect(page.getByText('You were invited to a group.')).toBeVisible();
  const fresh = { name: 'Sana', username: `u${tag()}`, email: `${tag()}@example.org` };
  await new SignUpForm(page).submit({ ...fresh, password: PASSWORD });
  await expect(page).toHaveURL(link);
  await expect(page.getByTestId('invitation')).toContainText(title);
});

test('without script whoever signs in joins by the form', async ({ group, stranger, noise }) => {
  noise.expect(/status of 404/);
  const { meera, zoya, title, conversation, path } = group;
  const link = await meera.invite(conversation, 'hour', 'one');
  const page = await (await stranger({ javaScriptEnabled: false })).newPage();
  await page.goto(link);
  await new SignInForm(page).submit(zoya.person.username, PASSWORD);
  await expect(page).toHaveURL(link);
  await expect(page.getByRole('heading', { name: title })).toBeVisible();
  await page.getByRole('button', { name: 'Join group' }).click();
  await expect(page).toHaveURL(path);
  await expect(notices(page).last()).toHaveText(`You joined by a link of ${meera.name}`);
  // Whoever is in it is led there, although the link is used up; nobody else is.
  await page.goto(link);
  await expect(page).toHaveURL(path);
});

test('a link is revoked by touch, and whoever looks at it then is told', async ({
  group,
  noise,
}) => {
  noise.expect(/status of 404/);
  const { meera, zoya, conversation, path } = group;
  const link = await meera.invite(conversation);
  const [hers, his] = await Promise.all([meera.open(path, PHONE), zoya.open(link, PHONE)]);
  const join = his.getByRole('button', { name: 'Join group' });
  await expect(join).toBeVisible();
  await hers.getByRole('link', { name: 'Group details' }).tap();
  const details = new Details(hers);
  const links = details.panel.getByTestId('links').getByRole('listitem');
  await expect(links).toHaveCount(1);
  await links.getByRole('button', { name: `Revoke the link made by ${meera.name}` }).tap();
  await expect(details.question).toContainText('Revoke this link?');
  await details.question.getByRole('button', { name: 'Cancel' }).tap();
  await expect(links).toHaveCount(1);
  await links.getByRole('button', { name: /^Revoke/ }).tap();
  await details.question.getByRole('button', { name: 'Revoke' }).tap();
  await expect(details.panel.getByText('There are no links.')).toBeVisible();
  await expect(details.panel.getByRole('heading', { name: 'Invite links' })).toBeFocused();
  await join.tap();
  const dead = 'This link does not lead anywhere';
  await expect(his.getByRole('alert').filter({ hasText: dead })).toBeVisible();
  await his.reload();
  await expect(his.getByRole('heading', { name: dead })).toBeVisible();
  await expect(join).toHaveCount(0);
  expect(await zoya.titles()).toEqual([]);
});

test('whoever may not invite is told why, and sees no links', async ({ group, signUp }) => {
  const { meera, conversation } = group;
  const imran = await signUp('Imran');
  const link = await meera.invite(conversation);
  const page = await imran.open(link);
  await page.getByRole('button', { name: 'Join group' }).click();
  const details = new Details(page);
  await details.open();
  const make = details.button('Make a link');
  await expect(make).toHaveAttribute('aria-disabled', 'true');
  await expect(make).toHaveAccessibleDescription('Only admins can do this.');
  await make.focus();
  await page.keyboard.press('Enter');
  await expect(details.panel.getByLabel('The link ends')).toHaveCount(0);
  await expect(details.panel.getByTestId('links')).toHaveCount(0);
});
