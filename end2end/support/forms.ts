import type { Page } from '@playwright/test';

/** The form of the sign-in page. */
export class SignInForm {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  get login() {
    return this.page.getByLabel('Email or username');
  }

  get password() {
    return this.page.getByLabel('Password', { exact: true });
  }

  /** Named otherwise while it is under way. */
  get button() {
    return this.page.locator('form .btn-primary');
  }

  async submit(login: string, password: string): Promise<void> {
    await this.login.fill(login);
    await this.password.fill(password);
    await this.button.click();
  }
}

/** What the form of the sign-up page asks for. */
export interface NewAccount {
  name: string;
  username: string;
  email: string;
  password: string;
}

/** The form of the sign-up page. */
export class SignUpForm {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  get name() {
    return this.page.getByLabel('Your name');
  }

  get username() {
    return this.page.getByLabel('Username');
  }

  get email() {
    return this.page.getByLabel('Email');
  }

  get password() {
    return this.page.getByLabel('Password', { exact: true });
  }

  async submit(account: NewAccount): Promise<void> {
    await this.name.fill(account.name);
    await this.username.fill(account.username);
    await this.email.fill(account.email);
    await this.password.fill(account.password);
    await this.page.getByRole('button', { name: 'Create account' }).click();
  }
}
