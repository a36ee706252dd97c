import type { SignInDesk } from '#ports/sign-in.ts'

const SINCE = '2026-05-04T08:55:00.000Z'

/** Everybody has a passkey and a second browser, called after them; nothing that is done to them is kept. */
export const testDesk = (): SignInDesk => {
  const [passkeyOf, sessionOf] = [(id: string) => `key-${id}`, (id: string) => `elsewhere-${id}`]
  return {
    of: async (id) => ({
      ...{ hasPassword: true, pendingEmail: undefined, secondFactor: { isOn: true, codesLeft: 9 } },
      passkeys: [{ id: passkeyOf(id), name: 'Telephone', addedAt: SINCE, usedAt: undefined }],
      sessions: [{ id: sessionOf(id), device: 'A browser', network: '192.0.2.x', since: SINCE, usedAt: SINCE }],
      links: [{ issuer: 'https://id.example', name: 'Example' }],
    }),
    rename: async () => {},
    changeEmail: async () => 'sent',
    changePassword: async (_, { present }) => (present === 'irrelevant' ? 'done' : 'wrong'),
    endSession: async (id, session) => session === sessionOf(id),
    endOtherSessions: async () => {},
    removeSecondFactor: async () => {},
    newRecoveryCodes: async () => ['aaaaa-bbbbb'],
    renamePasskey: async (id, passkey) => passkey === passkeyOf(id),
    removePasskey: async (id, passkey) => passkey === passkeyOf(id),
    unlink: async (_, issuer) => (issuer === 'https://id.example' ? 'done' : 'missing'),
    rules: async () => ({ staffNeedSecondFactor: false }),
    setRules: async () => {},
  }
}
