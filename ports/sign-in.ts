/** One browser that somebody is signed in with. */
export type OpenSession = {
  id: string
  /** As the browser names itself; the account page makes "Firefox on Linux" of it. */
  device: string
  /** The network it came from, never the whole address: `203.0.113.x`. */
  network: string
  /** ISO 8601, both. */
  since: string
  usedAt: string
}

export type Passkey = { id: string; name: string; addedAt: string; usedAt: string | undefined }

/** How somebody signs in. Nothing in it lets anybody in. */
export type OwnSignIn = {
  hasPassword: boolean
  /** An address they asked for and have not confirmed yet. */
  pendingEmail: string | undefined
  secondFactor: { isOn: boolean; codesLeft: number }
  /** Undefined where the school's address is none that passkeys can belong to. */
  passkeys: Passkey[] | undefined
  sessions: OpenSession[]
  /** Other providers they sign in with. */
  links: { issuer: string; name: string }[]
}

export type SignInRules = {
  /** Whoever is more than a learner shows a second factor, or a passkey, at each sign-in. */
  staffNeedSecondFactor: boolean
}

/** `present`: the password they have now, undefined where they have none. `keep`: the session that does not end. */
export type PasswordChange = { present: string | undefined; next: string; keep: string | undefined }

/**
 * What people change about their own sign-in, where the school's provider leaves that to the school. What adds a way in (a passkey, codes) is
 * done on the provider's own pages, which ask for a fresh sign-in first.
 */
export type SignInDesk = {
  of(id: string): Promise<OwnSignIn>
  rename(id: string, name: string): Promise<void>
  /**
   * Writes to the new address with a link, and to the old one that this was asked for; the old one stays until the link is opened.
   * The same whether the new address has an account or not: only its owner is told.
   */
  changeEmail(id: string, email: string): Promise<'sent' | 'too-many'>
  /** Ends all other sessions. `fault` says in words why the new one will not do. */
  changePassword(id: string, change: PasswordChange): Promise<'done' | 'wrong' | 'too-many' | { fault: string }>
  /** False where that session is not theirs or not there. */
  endSession(id: string, session: string): Promise<boolean>
  endOtherSessions(id: string, keep: string): Promise<void>
  removeSecondFactor(id: string): Promise<void>
  /** New recovery codes in place of all older ones; undefined where there is no second factor. They can be read this once. */
  newRecoveryCodes(id: string): Promise<string[] | undefined>
  renamePasskey(id: string, passkey: string, name: string): Promise<boolean>
  removePasskey(id: string, passkey: string): Promise<boolean>
  /** `last`: it is the only way in they have. */
  unlink(id: string, issuer: string): Promise<'done' | 'missing' | 'last'>
  rules(): Promise<SignInRules>
  setRules(rules: SignInRules): Promise<void>
}
