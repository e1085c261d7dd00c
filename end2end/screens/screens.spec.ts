import path from 'node:path';
import type { BrowserContext, BrowserContextOptions, Page } from '@playwright/test';
import { askPoll } from '../support/asking.ts';
import { SocketGate } from '../support/gate.ts';
import { Organiser } from '../support/organising.ts';
import { alive, freshBrowser, type Account } from '../support/people.ts';
import { seed } from '../support/seed.ts';
import { Thread } from '../support/thread.ts';
import { expect, test, type Cast } from './cast.ts';

const FOLDER = process.env.E2E_SCREENSHOTS ?? path.join('test-results', 'screenshots');

interface Look {
  width: number;
  options: BrowserContextOptions;
  theme: 'subah' | 'raat';
  locale: 'en' | 'ur' | 'hi';
}

const WINDOWS: BrowserContextOptions[] = [
  { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 },
  { viewport: { width: 820, height: 1180 }, hasTouch: true },
  { viewport: { width: 1440, height: 900 } },
];

const LOOKS: Look[] = WINDOWS.flatMap((options) => {
  const width = options.viewport?.width ?? 0;
  return [
    { width, options, theme: 'subah', locale: 'en' },
    { width, options, theme: 'raat', locale: 'en' },
    { width, options, theme: 'subah', locale: 'ur' },
    { width, options, theme: 'raat', locale: 'hi' },
  ] satisfies Look[];
});

const ITEMS = {
  en: { seen: 'Seen by', forward: 'Forward' },
  hi: { seen: 'किसने देखा', forward: 'आगे भेजें' },
  ur: { seen: 'کس نے دیکھا', forward: 'آگے بھیجیں' },
};

for (const look of LOOKS) {
  const { width, theme, locale } = look;
  test(`pictures: ${width} ${theme} ${locale}`, async ({ cast }) => {
    const outside = await freshBrowser(cast.world, look.options);
    await dress(outside, cast, look);
    await entry(await outside.newPage(), look);
    await outside.close();

    const empty = await browserOf(cast.nobody, cast, look);
    await picture(await shown(empty, '/'), look, 'list-empty');
    await empty.close();

    const browser = await browserOf(cast.zoya, cast, look);
    await conversations(browser, cast, look);
    await group(browser, cast, look);
    await polls(browser, cast, look);
    await searching(browser, cast, look);
    await saved(browser, cast, look);
    await scheduling(browser, cast, look);
    await slowing(cast, look);
    await disappearing(browser, cast, look);
    await sheets(browser, look);
    await threads(browser, cast, look);
    await reminding(browser, cast, look);
    await standing(browser, cast, look);
    await folders(browser, cast, look);
    await requests(browser, cast, look);
    await blocking(browser, cast, look);
    await leaving(browser, look);
    await browser.close();
    await troubles(cast, look);
  });
}

/** What is seen before signing in. */
async function entry(page: Page, look: Look): Promise<void> {
  await page.goto('/login');
  await alive(page);
  await picture(page, look, 'login');
  await page.goto('/signup');
  await alive(page);
  await picture(page, look, 'signup');
  await page.locator('#username').fill('a b');
  await page.locator('#email').fill('nobody');
  await page.locator('#password').fill('short');
  await page.locator('form.form button[type=submit]').click();
  await expect(page.locator('[aria-invalid=true]')).toHaveCount(4);
  await picture(page, look, 'signup-refused');
  await page.goto('/no/such/page');
  await picture(page, look, 'not-found');
}

async function conversations(browser: BrowserContext, cast: Cast, look: Look): Promise<void> {
  await seed(cast.ayesha, cast.conversation, ['Are you coming?', 'The samosas are getting cold']);
  const page = await shown(browser, '/');
  await expect(page.locator('.unread-count').first()).toBeVisible();
  await picture(page, look, 'list');
  await arranged(page, cast, look);

  await page.locator(`.conversation[href="/c/${cast.conversation}"]`).click();
  const thread = new Thread(page);
  await expect(thread.divider).toBeVisible();
  await picture(page, look, 'conversation-divider');
  const device = await cast.ayesha.device();
  await thread.composer.fill('Two minutes\nI am at the door');
  device.typing(cast.conversation, true);
  await expect(page.locator('.typing')).not.toBeEmpty();
  await picture(page, look, 'conversation-writing');
  await page.locator('.more-tools').click();
  await picture(page, look, 'conversation-formatting');
  await page.locator('.emoji-toggle:visible').click();
  await picture(page, look, 'conversation-emoji');
  await page.locator('.emoji-toggle:visible').click();
  await page.locator('.more-tools').click();
  device.typing(cast.conversation, false);
  await device.close();
  await thread.composer.fill('');
  await thread.scroller.evaluate((element) => {
    element.scrollTop = -700;
  });
  await expect(thread.message('Chai at 5?')).toHaveCount(1);
  await picture(page, look, 'conversation-above');
}

/** The list with what can be done with it. */
async function arranged(page: Page, cast: Cast, look: Look): Promise<void> {
  const device = await cast.zoya.device();
  const arrange = (on: boolean): void => {
    device.arrange(cast.group, { favourite: on });
    device.arrange(cast.conversation, { mute: on ? 'always' : 'off' });
  };
  arrange(true);
  await expect(page.locator('.unread-quiet')).toBeVisible();
  await expect(page.locator('.favourites')).toBeVisible();
  await picture(page, look, 'list-arranged');
  const it = new Organiser(page);
  await it.open(cast.ayesha.name);
  await picture(page, look, 'conversation-menu');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await expect(it.switcher.getByRole('option').first()).toBeVisible();
  await picture(page, look, 'switcher');
  await page.keyboard.press('Escape');
  arrange(false);
  await expect(page.locator('.favourites')).toBeHidden();
  await expect(page.locator('.unread-quiet')).toHaveCount(0);
  await device.close();
}

/** A group, what can be done with one of its messages, and its details. */
async function group(browser: BrowserContext, cast: Cast, look: Look): Promise<void> {
  const page = await shown(browser, `/c/${cast.group}`);
  await expect(page.locator('.chip').first()).toBeVisible();
  await picture(page, look, 'group');
  const message = page.locator('article', { hasText: 'chai' }).first();
  if (look.options.hasTouch === true) {
    await message.locator('.bubble').tap();
    await message.locator('.tool-more').tap();
  } else {
    await message.locator('.bubble').hover();
    await message.locator('.tool-more').click();
  }
  await expect(page.getByTestId('message-sheet')).toBeVisible();
  await picture(page, look, 'message-sheet');
  await dialogs(page, look);
  await page.goto(`/c/${cast.group}/info`);
  await alive(page);
  await expect(page.locator('[data-user]').first()).toBeVisible();
  await picture(page, look, 'group-details');
  await page.locator('#make-link').click();
  await page.locator('#link-lifetime').waitFor();
  await picture(page, look, 'group-link-terms');
  await page.locator('.adding button[type=submit]').click();
  await page.locator('#made-link').waitFor();
  await page.getByTestId('links').scrollIntoViewIfNeeded();
  await picture(page, look, 'group-links');
  const link = await page.locator('#made-link').inputValue();
  await page.close();
  await invitation(cast, look, link);
}

/** A poll in a conversation, who voted in it, and asking another. */
async function polls(browser: BrowserContext, cast: Cast, look: Look): Promise<void> {
  const page = await shown(browser, `/c/${cast.asked}`);
  const poll = page.getByTestId('poll').first();
  await expect(poll).toBeVisible();
  await picture(page, look, 'poll');
  await poll.locator('.poll-voters + .link-button').click();
  await expect(page.getByTestId('poll-voters').first()).toBeVisible();
  await picture(page, look, 'poll-voters');
  await page.keyboard.press('Escape');
  await askPoll(page);
  await page.locator('#poll-question').fill('Chai at 5?');
  await page.getByTestId('ask-poll').locator('[type=submit]').click();
  await picture(page, look, 'poll-asking');
  await page.close();
}

/** What a link leads to, for a stranger, and where it leads nowhere. */
async function invitation(cast: Cast, look: Look, link: string): Promise<void> {
  const outside = await freshBrowser(cast.world, look.options);
  await dress(outside, cast, look);
  await picture(await shown(outside, link), look, 'login-invited');
  await outside.close();
  const browser = await browserOf(cast.nobody, cast, look);
  await picture(await shown(browser, link), look, 'invitation');
  await picture(await shown(browser, `/join/${'x'.repeat(32)}`), look, 'invitation-nowhere');
  await browser.close();
}

/** Messages that are looked for, and one in what stands around it. */
async function searching(browser: BrowserContext, cast: Cast, look: Look): Promise<void> {
  for (const [name, query] of [
    ['search', ''],
    ['search-found', 'chai'],
    ['search-none', 'zzzz'],
    ['search-wrong', 'chai before:kal'],
    ['search-no-place', 'chai in:nowhere'],
    ['search-within', `chai&in=${cast.conversation}`],
  ] as const) {
    const page = await shown(browser, query === '' ? '/search' : `/search?q=${query}`);
    await picture(page, look, name);
    await page.close();
  }
  const page = await shown(browser, `${cast.path}?at=3`);
  await expect(page.locator('article:focus')).toBeInViewport();
  await picture(page, look, 'conversation-at');
  await page.close();
}

/** Messages that were saved, one of them given up, and their marks. */
async function saved(browser: BrowserContext, cast: Cast, look: Look): Promise<void> {
  const page = await shown(browser, '/saved');
  await picture(page, look, 'saved-none');
  const device = await cast.zoya.device();
  for (const [conversation, seq] of [
    [cast.conversation, 1],
    [cast.group, 2],
    [cast.group, 3],
    [cast.conversation, 3],
  ] as const) {
    await device.save(conversation, seq);
  }
  await device.close();
  await expect(page.getByTestId('saved-item')).toHaveCount(4);
  await page.getByTestId('saved-item').nth(1).locator('button').click();
  await picture(page, look, 'saved');
  await page.getByTestId('saved-item').nth(1).locator('button').click();
  await page.goto(`${cast.path}?at=3`);
  await alive(page);
  await expect(page.getByTestId('saved-mark').first()).toBeVisible();
  await picture(page, look, 'saved-marks');
  await page.close();
}

/** What the sheet leads to, who is offered after an `@`, and what a message said before. */
async function dialogs(page: Page, look: Look): Promise<void> {
  const { seen, forward } = ITEMS[look.locale];
  await page.getByTestId('message-sheet').getByRole('button', { name: seen }).click();
  await expect(page.getByTestId('about-message').locator('li').first()).toBeVisible();
  await picture(page, look, 'seen-by');
  await page.keyboard.press('Escape');
  await page.locator('.edited-button').first().click();
  await expect(page.locator('.version')).toHaveCount(2);
  await picture(page, look, 'edit-history');
  await page.keyboard.press('Escape');
  const message = page.locator('article', { hasText: 'chai' }).first();
  if (look.options.hasTouch === true) {
    await message.locator('.bubble').tap();
    await message.locator('.tool-more').tap();
  } else {
    await message.locator('.bubble').hover();
    await message.locator('.tool-more').click();
  }
  await page.getByTestId('message-sheet').getByRole('button', { name: forward }).click();
  await page.getByTestId('forward').getByRole('checkbox').nth(1).check();
  await picture(page, look, 'forward');
  await page.keyboard.press('Escape');
  await page.locator('#composer').pressSequentially('@');
  await expect(page.getByRole('option').first()).toBeVisible();
  await picture(page, look, 'mention-list');
}

async function sheets(browser: BrowserContext, look: Look): Promise<void> {
  for (const [name, address] of [
    ['people', '/new'],
    ['people-found', '/new?q=a'],
    ['people-none', '/new?q=zzzz'],
    ['group-new', '/new/group'],
    ['settings', '/settings'],
    ['settings-appearance', '/settings/appearance'],
    ['settings-language', '/settings/language'],
    ['settings-account', '/settings/account'],
    ['settings-security', '/settings/security'],
    ['settings-data', '/settings/data'],
    ['no-access', `/c/${'0'.repeat(26)}`],
  ] as const) {
    const page = await shown(browser, address);
    await picture(page, look, name);
    await page.close();
  }
}

/** Somebody is blocked: the question, the place of the composer, the list, and nobody in it. */
async function blocking(browser: BrowserContext, cast: Cast, look: Look): Promise<void> {
  const page = await shown(browser, `/c/${cast.unwanted}`);
  await page.locator('header button[aria-haspopup]').first().click();
  await page.getByTestId('conversation-menu').locator('.sheet-list button').nth(-2).click();
  const question = page.locator('dialog[open]');
  await expect(question.locator('.btn').first()).toBeVisible();
  await picture(page, look, 'block-question');
  await question.locator('.danger').click();
  await expect(page.getByTestId('closed')).toBeVisible();
  await picture(page, look, 'blocked');
  await page.goto('/settings/privacy');
  await alive(page);
  await expect(page.getByTestId('blocked')).toBeVisible();
  await picture(page, look, 'settings-privacy');
  await page.getByTestId('blocked').locator('button').click();
  await expect(page.getByTestId('blocked')).toBeHidden();
  await picture(page, look, 'settings-privacy-none');
  await page.close();
}

/** Messages that wait for their time. */
async function scheduling(browser: BrowserContext, cast: Cast, look: Look): Promise<void> {
  const day = 24 * 60 * 60 * 1_000;
  for (const [text, days] of [['Happy birthday! 🎂', 1], ['Rent is due', 3]] as const) {
    await cast.zoya.schedule(cast.conversation, text, days * day);
  }
  const page = await shown(browser, cast.path);
  await expect(page.getByTestId('later-line')).toBeVisible();
  await new Thread(page).composer.fill('Chai tomorrow?');
  await picture(page, look, 'scheduled-line');
  await page.locator('.later-button').click();
  await expect(page.getByTestId('later-dialog')).toBeVisible();
  await picture(page, look, 'scheduled-when');
  await page.keyboard.press('Escape');
  await page.goto('/scheduled');
  await alive(page);
  await picture(page, look, 'scheduled');
  await page.locator('.later-ways button[type=button]').first().click();
  await expect(page.locator('#later-text')).toBeFocused();
  await picture(page, look, 'scheduled-change');
  await page.keyboard.press('Escape');
  await page.locator('.later-ways form:last-child button').last().click();
  await expect(page.getByTestId('undo')).toBeVisible();
  await picture(page, look, 'scheduled-deleted');
  await page.locator('.later-ways form:last-child button').click();
  await expect(page.getByTestId('later-item')).toHaveCount(0);
  await page.reload();
  await alive(page);
  await picture(page, look, 'scheduled-none');
  await page.close();
}

/** Slow mode, as somebody meets it who has to wait. */
async function slowing(cast: Cast, look: Look): Promise<void> {
  const device = await cast.zoya.device();
  await device.ask(cast.asked, { slow_mode: { slow_mode: 'five_minutes' } });
  await device.close();
  const browser = await browserOf(cast.ayesha, cast, look);
  const page = await shown(browser, `/c/${cast.asked}`);
  const thread = new Thread(page);
  await expect(page.getByTestId('pace')).toBeVisible();
  await picture(page, look, 'slow-mode');
  await thread.write('One thing more');
  await thread.composer.fill('And another');
  await expect(page.locator('.send')).toHaveAttribute('aria-disabled', 'true');
  await picture(page, look, 'slow-mode-waits');
  await page.goto(`/c/${cast.asked}/info`);
  await alive(page);
  await page.locator('#slow-mode').scrollIntoViewIfNeeded();
  await picture(page, look, 'slow-mode-rules');
  await browser.close();
}

/** How long messages stay. */
async function disappearing(browser: BrowserContext, cast: Cast, look: Look): Promise<void> {
  const device = await cast.ayesha.device();
  await device.ask(cast.conversation, { set_lifespan: { lifespan: 'week' } });
  await device.close();
  const page = await shown(browser, cast.path);
  await expect(page.getByTestId('stay-line')).toBeVisible();
  await picture(page, look, 'disappearing-line');
  await page.locator('.thread-bar .menu-anchor, header [aria-haspopup="dialog"]').last().click();
  await page.getByTestId('conversation-menu').getByRole('button').nth(4).click();
  await expect(page.getByTestId('stay')).toBeVisible();
  await picture(page, look, 'disappearing-choice');
  await page.close();
}

/** A message that was answered, with its answers at its side. */
async function threads(browser: BrowserContext, cast: Cast, look: Look): Promise<void> {
  const page = await shown(browser, `/c/${cast.group}`);
  const line = page.locator('.thread-line').first();
  await expect(line).toBeVisible();
  await line.click();
  await expect(page.locator('.thread-side article').first()).toBeVisible();
  await picture(page, look, 'thread');
  await page.close();
}

/** A message that one is reminded of, now and later. */
async function reminding(browser: BrowserContext, cast: Cast, look: Look): Promise<void> {
  const device = await cast.zoya.device();
  await device.remind(cast.group, 2, Date.now() - 1_000);
  await device.remind(cast.conversation, 3, Date.now() + 3_600_000);
  const page = await shown(browser, cast.path);
  await expect(page.getByTestId('reminder-due')).toBeVisible();
  await picture(page, look, 'reminder-due');
  await page.goto('/reminders');
  await alive(page);
  await expect(page.getByTestId('reminder-item').first()).toBeVisible();
  await picture(page, look, 'reminders');
  await page.getByTestId('reminder-due').locator('button').last().click();
  await expect(page.getByTestId('reminder-due')).toBeHidden();
  await device.close();
  await page.close();
}

/** What one says of oneself, and what is seen of others; an unfinished text in the list. */
async function standing(browser: BrowserContext, cast: Cast, look: Look): Promise<void> {
  const page = await shown(browser, '/settings/status');
  await expect(page.locator('.preset').first()).toBeVisible();
  await picture(page, look, 'settings-status-none');
  await page.locator('.preset').first().click();
  await expect(page.getByTestId('own-status').locator('button')).toBeVisible();
  await picture(page, look, 'settings-status');
  await page.goto(`/people/${cast.ayesha.person.id}`);
  await alive(page);
  await expect(page.getByTestId('profile')).toBeVisible();
  await picture(page, look, 'profile');
  await page.goto(`/people/${'0'.repeat(26)}`);
  await alive(page);
  await picture(page, look, 'profile-nobody');
  await page.goto(cast.path);
  await alive(page);
  await new Thread(page).composer.fill('haan, main kal');
  await page.goto('/');
  await alive(page);
  await expect(page.locator('.conversation-item').first()).toBeVisible();
  await picture(page, look, 'list-draft');
  await page.close();
}

/** Somebody asks whether they may write: both sides of it. */
async function requests(browser: BrowserContext, cast: Cast, look: Look): Promise<void> {
  const page = await shown(browser, '/');
  await page.locator('label.filter:has(.filter-count)').click();
  await expect(page.locator('.conversation-item')).toHaveCount(1);
  await picture(page, look, 'list-requests');
  await page.goto(`/c/${cast.request}`);
  await alive(page);
  await expect(page.getByTestId('request')).toBeVisible();
  await picture(page, look, 'request');
  await page.close();
  const asking = await browserOf(cast.stranger, cast, look);
  const theirs = await shown(asking, `/c/${cast.request}`);
  await expect(theirs.getByTestId('request-left')).toBeVisible();
  await picture(theirs, look, 'request-left');
  await asking.close();
}

/** A conversation that is put into a folder, and the list of it. */
async function folders(browser: BrowserContext, cast: Cast, look: Look): Promise<void> {
  const page = await shown(browser, '/');
  const it = new Organiser(page);
  await it.open(cast.ayesha.name);
  await it.menu.getByRole('button').nth(3).click();
  const dialog = page.getByTestId('folder-dialog');
  for (const name of ['Ghar', 'خاندان', 'Shri Venkatanarasimharajuvaripeta']) {
    await dialog.locator('.folder-new input').fill(name);
    await dialog.locator('.folder-new button').click();
    await expect(dialog.locator('.folder-new input')).toHaveValue('');
  }
  await picture(page, look, 'folder-dialog');
  await dialog.locator('.folder-line .danger').first().click();
  await expect(dialog.locator('#folder-question')).toBeVisible();
  await picture(page, look, 'folder-delete');
  await page.keyboard.press('Escape');
  await page.locator('.filter-folder').nth(1).click();
  await expect(page.locator('.conversation-item')).toHaveCount(1);
  await picture(page, look, 'list-folder');
  await page.locator('.filter-folder').first().click();
  await picture(page, look, 'list-folder-empty');
  await page.locator('.filter').first().click();
  await page.close();
}

/** What deleting the account asks. */
async function leaving(browser: BrowserContext, look: Look): Promise<void> {
  const page = await shown(browser, '/settings/data');
  await page.getByRole('main').locator('.danger').last().scrollIntoViewIfNeeded();
  await picture(page, look, 'settings-delete');
  await page.close();
}

/** Messages that are refused an answer, and a device without a network. */
async function troubles(cast: Cast, look: Look): Promise<void> {
  const browser = await browserOf(cast.zoya, cast, look);
  const page = await browser.newPage();
  await page.clock.install();
  const gate = await SocketGate.before(page);
  await page.goto(cast.path);
  await alive(page);
  await expect.poll(() => gate.count('hello')).toBeGreaterThan(0);
  const thread = new Thread(page);
  gate.upward = (name) => (name === 'send' ? 'drop' : 'pass');
  await thread.composer.fill('This one gets no answer');
  await page.locator('.send').click();
  await expect.poll(() => gate.count('send')).toBe(1);
  await page.clock.fastForward(11_000);
  await expect(page.locator('.failed')).toBeVisible();
  await picture(page, look, 'message-failed');
  await browser.setOffline(true);
  await page.clock.fastForward(4_000);
  await expect(page.getByTestId('connection-strip')).toBeVisible();
  await picture(page, look, 'offline');
  await browser.close();
}

async function browserOf(account: Account, cast: Cast, look: Look): Promise<BrowserContext> {
  const browser = await account.browser(look.options);
  await dress(browser, cast, look);
  return browser;
}

async function dress(browser: BrowserContext, cast: Cast, look: Look): Promise<void> {
  const url = cast.world.origin;
  await browser.addCookies([
    { name: 'bc_theme', value: look.theme, url },
    { name: 'bc_locale', value: look.locale, url },
  ]);
}

async function shown(browser: BrowserContext, address: string): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(address);
  await alive(page);
  return page;
}

async function picture(page: Page, { width, theme, locale }: Look, name: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready);
  const file = `${name}-${width}-${theme}-${locale}.png`;
  await page.screenshot({ path: path.join(FOLDER, file), animations: 'disabled' });
}
