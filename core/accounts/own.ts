import type { OwnAccount, ownAccount } from '#contract/own-account.ts'
import { isStaff } from '#contract/roles.ts'
import type { Actor, Handlers } from '#core/handlers.ts'
import { missing, Refusal } from '#core/refusal.ts'
import type { SignInDesk } from '#ports/sign-in.ts'
import type { World } from '#ports/world.ts'
import { askFreshSignIn } from './fresh.ts'

const DONE = { done: true } as const

const deskOf = ({ identity: { desk } }: World): SignInDesk => {
  if (!desk) throw new Refusal('not-set-up', 'The provider of sign-ins does that on its own pages.')
  return desk
}

const freshDesk = (world: World, actor: Actor): SignInDesk => {
  const desk = deskOf(world)
  askFreshSignIn(world, actor)
  return desk
}

const tooMany = (): Refusal => new Refusal('too-many', 'That was too often. Wait a while.')

/** Of what is lost for good, or handed out whole. A provider with pages of its own does not tell when somebody signed in. */
export const askFresh = (world: World, actor: Actor): void => {
  if (world.identity.desk) freshDesk(world, actor)
}

const own = async ({ identity: { desk } }: World, { id, name, email, roles, session }: Actor): Promise<OwnAccount> => {
  if (!desk) return { name, email }
  const [{ pendingEmail, secondFactor, passkeys, sessions, ...rest }, { staffNeedSecondFactor }] = await Promise.all([desk.of(id), desk.rules()])
  return {
    ...{ name, email },
    signIn: {
      ...rest,
      ...(pendingEmail !== undefined && { pendingEmail }),
      secondFactor: { ...secondFactor, isRequired: staffNeedSecondFactor && isStaff(roles) },
      ...(passkeys && { passkeys: passkeys.map(({ usedAt, ...passkey }) => ({ ...passkey, ...(usedAt !== undefined && { usedAt }) })) }),
      sessions: sessions.map((each) => ({ ...each, isHere: each.id === session?.id })),
    },
  }
}

const changePassword = async (world: World, { id, session }: Actor, { present, next }: { present?: string | undefined; next: string }) => {
  const outcome = await deskOf(world).changePassword(id, { present, next, keep: session?.id })
  if (outcome === 'wrong') throw new Refusal('wrong-password', 'That is not your password.')
  if (outcome === 'too-many') throw tooMany()
  if (outcome !== 'done') throw new Refusal('bad-input', outcome.fault, 'weak-password')
  return DONE
}

export const ownHandlers: Handlers<typeof ownAccount> = {
  own,
  rename: async (world, { id }, { name }) => {
    await deskOf(world).rename(id, name)
    return DONE
  },
  changeEmail: async (world, actor, { email }) => {
    if ((await freshDesk(world, actor).changeEmail(actor.id, email)) === 'too-many') throw tooMany()
    return DONE
  },
  changePassword: async (world, actor, change) => {
    // Whoever has no password has nothing to show but their sign-in.
    const { hasPassword } = await deskOf(world).of(actor.id)
    if (!hasPassword) freshDesk(world, actor)
    return changePassword(world, actor, change)
  },
  endSession: async (world, { id }, { session }) => {
    if (!(await deskOf(world).endSession(id, session))) throw missing('session')
    return DONE
  },
  endSessions: async ({ identity }, { id, session }, { keepsThis }) => {
    if (keepsThis && identity.desk && session) await identity.desk.endOtherSessions(id, session.id)
    else await identity.endSessions(id)
    return DONE
  },
  removeSecondFactor: async (world, actor) => {
    await freshDesk(world, actor).removeSecondFactor(actor.id)
    return DONE
  },
  newRecoveryCodes: async (world, actor) => {
    const codes = await freshDesk(world, actor).newRecoveryCodes(actor.id)
    if (!codes) throw missing('authenticator app')
    return { codes }
  },
  renamePasskey: async (world, { id }, { passkey, name }) => {
    if (!(await deskOf(world).renamePasskey(id, passkey, name))) throw missing('passkey')
    return DONE
  },
  removePasskey: async (world, actor, { passkey }) => {
    if (!(await freshDesk(world, actor).removePasskey(actor.id, passkey))) throw missing('passkey')
    return DONE
  },
  unlink: async (world, actor, { issuer }) => {
    const outcome = await freshDesk(world, actor).unlink(actor.id, issuer)
    if (outcome === 'missing') throw missing('provider')
    if (outcome === 'last') throw new Refusal('conflict', 'It is the only way you have to sign in. Set a password first.')
    return DONE
  },
  signInRules: (world) => deskOf(world).rules(),
  putSignInRules: async (world, _admin, rules) => {
    await deskOf(world).setRules(rules)
    return DONE
  },
}
