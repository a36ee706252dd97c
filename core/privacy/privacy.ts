import type { privacy as contract, MyPrivacy } from '#contract/privacy.ts'
import { askFreshSignIn } from '#core/accounts/fresh.ts'
import { hearing } from '#core/events.ts'
import type { Actor, Feature } from '#core/handlers.ts'
import { leaveFor } from '#core/people/policy.ts'
import { missing, Refusal } from '#core/refusal.ts'
import type { World } from '#ports/world.ts'
import { beginCopy, copyOf, copyStep, downloadCopy, sweepCopies } from './copying.ts'
import { step } from './erasing.ts'
import { hindrancesOf } from './hindrances.ts'
import { beginDue, eraseNow, erasureOf, erasures, leave, spare, stay } from './wishing.ts'

const mine = async (world: World, actor: Actor): Promise<MyPrivacy> => {
  const [stored, hindrances, copy] = await Promise.all([erasureOf(world, actor.id), hindrancesOf(world, actor), copyOf(world, actor.id)])
  const { state, dueAt, keeps } = stored?.value ?? { state: 'done' }
  return { erasure: state === 'done' ? { state: 'none' } : { state, dueAt, keeps }, hindrances, copy }
}

export const privacy: Feature<typeof contract> = {
  handlers: {
    mine,
    copy: async (world, actor) => {
      await beginCopy(world, actor)
      return mine(world, actor)
    },
    download: async (world, actor) => {
      askFreshSignIn(world, actor)
      return downloadCopy(world, actor)
    },
    leave: async (world, actor, wish) => {
      askFreshSignIn(world, actor)
      await leave(world, actor, wish)
      return mine(world, actor)
    },
    stay: async (world, actor) => {
      await stay(world, actor)
      return mine(world, actor)
    },
    erasures: (world, _actor, input) => erasures(world, input),
    erase: async (world, actor, wish) => {
      const person = await world.identity.findByEmail(wish.email)
      if (!person) throw missing('person')
      if (!leaveFor(actor, person).mayDisable)
        throw new Refusal('not-allowed', 'You yourself leave on your account page, and who runs the school is for its owners to say.')
      const { id } = await eraseNow(world, { ...wish, by: 'staff' })
      return { id }
    },
    spare: (world, _actor, input) => spare(world, input),
  },
  // Of the queue of operations: one more would cost for as long as a school lives, and would hear a few things a month.
  hearings: [hearing('operations.erase', 'erasure.stepped', step), hearing('operations.copy-data', 'export.stepped', copyStep)],
  timers: [
    { name: 'operations.begin-erasures', everySeconds: 3600, run: beginDue },
    { name: 'operations.sweep-copies', everySeconds: 3600, run: sweepCopies },
  ],
}
