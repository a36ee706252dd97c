import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Call, caller, type Outcome, type Route, routes } from './calls.ts'
import { HOLDERS } from './passes.ts'
import type { Caller, Row } from './row.ts'
import { rowsByName } from './rows/rows.ts'
import { unexpected, unexpectedByToken, whoseOf } from './rules.ts'
import { openScene, type Scene } from './scene.ts'

const rows = rowsByName()
let scene: Scene
let callerOf: ReturnType<typeof caller>
before(async () => {
  scene = await openScene()
  callerOf = caller(scene)
})
after(() => scene.school.close())

describe('what a route answers to whom', () => {
  it('is written down for every route of the contract, and for no other', () => {
    const names = routes().map(({ name }) => name)
    assert.deepEqual([...rows.keys()].toSorted(), names.toSorted())
  })
  it('is asked with things that are there', () => {
    const empty = [scene.own, scene.fellow, scene.other].flatMap((things) => Object.entries(things).filter(([, value]) => value === ''))
    assert.deepEqual(empty, [])
  })

  for (const route of routes()) {
    it(`${route.name} belongs to whom its row says, and to nobody else`, async () => {
      const row = rows.get(route.name)
      assert.ok(row)
      assert.deepEqual(await unexpected({ scene, route, row, call: callerOf(route) }), [])
    })
  }
})

describe('what a route answers to an access token', () => {
  for (const route of routes().filter(({ scope }) => scope !== 'any')) {
    it(`${route.name} is opened ${route.scope === undefined ? 'by none' : `with ${route.scope} and nothing else`}`, async () => {
      const row = rows.get(route.name)
      assert.ok(row)
      const of = { scene, route, row, call: callerOf(route) }
      const who = whoseOf(of, HOLDERS)
      assert.ok(who, 'somebody of these it belongs to')
      const pass = scene.passes[who]
      const scope = route.scope === 'any' ? undefined : route.scope
      const lacking = callerOf(route, () => (scope === undefined ? pass.all : pass.allBut.get(scope)))
      const having = scope === undefined ? undefined : callerOf(route, () => pass.only.get(scope))
      assert.deepEqual(await unexpectedByToken(of, who, { lacking, having }), [])
    })
  }
})

type Bent = { name: string; who: Caller; as: (outcome: Outcome, input: unknown) => Outcome; says: RegExp; row?: Pick<Row, 'but'> }

const answered = (outcome: Outcome): Outcome => ({ ...outcome, code: 'answered', text: '{}' })
const named = (input: unknown, id: string): boolean => JSON.stringify(input).includes(id)

/** Routes that lie, and what the matrix says of each. */
const BENT: Record<string, Bent> = {
  'lets in whoever has not signed in': { name: 'courses.get', who: 'visitor', as: answered, says: /visitor is not let in, and gets answered/ },
  'lets in a learner where teachers work': { name: 'courses.get', who: 'lena', as: answered, says: /lena is not let in, and gets answered/ },
  'writes before it refuses': {
    ...{ name: 'courses.update', who: 'lena', says: /lena is not let in, and changes something/ },
    as: (outcome) => ({ ...outcome, stored: '[]' }),
  },
  'shows a teacher somebody else’s course': {
    ...{ name: 'courses.get', who: 'olga', says: /olga with somebody else’s things gets answered/ },
    as: (outcome, input) => (named(input, scene.own.course) ? answered(outcome) : outcome),
  },
  'refuses what is somebody else’s in other words': {
    ...{ name: 'payments.order', who: 'sam', says: /sam with somebody else’s things gets/ },
    as: (outcome, input) => (named(input, scene.own.order) ? { ...outcome, text: 'This order is not yours.' } : outcome),
  },
  'takes somebody else’s section into a course of one’s own': {
    ...{ name: 'courses.renameSection', who: 'olga', says: /olga with somebody else’s section beside things of their own gets answered/ },
    as: (outcome, input) => (named(input, scene.own.section) && named(input, scene.other.course) ? answered(outcome) : outcome),
  },
  'knows a course that is not published': {
    ...{ name: 'learning.curriculum', who: 'visitor', says: /visitor with somebody else’s things gets/ },
    as: (outcome, input) => (named(input, scene.own.hiddenCourse) ? { ...outcome, text: 'Not yet.' } : outcome),
  },
  'is open to those who do not have the course': { name: 'notes.add', who: 'sam', as: answered, says: /sam, who does not have the course, gets answered/ },
  'is closed to whom it belongs': {
    ...{ name: 'payments.order', who: 'lena', says: /lena, whose it is, gets/ },
    as: (outcome) => ({ ...outcome, code: 'not-found' }),
  },
  'writes where somebody only looks': {
    ...{ name: 'courses.get', who: 'theo', says: /theo, who only looks, changes something/ },
    as: (outcome) => ({ ...outcome, stored: '[]' }),
  },
  'keeps a field that nobody may set': {
    ...{ name: 'courses.update', who: 'theo', says: /theo changes something by fields that the contract does not name/ },
    as: (outcome, input) => (named(input, 'isVerified') ? { ...outcome, stored: '[]' } : outcome),
  },
  'tells a learner the address of another': {
    ...{ name: 'talk.people', who: 'lena', says: /lena is told of the address of nina, unasked/ },
    as: (outcome) => ({ ...outcome, text: scene.people.nina.email }),
  },
  'lists somebody else’s order': {
    ...{ name: 'payments.mine', who: 'sam', says: /sam is told of order, unasked/ },
    as: (outcome) => ({ ...outcome, text: scene.own.order }),
  },
  'has an exception it does not need': {
    ...{ name: 'payments.order', who: 'sam', as: (outcome) => outcome, says: /sam needs no exception/ },
    row: { but: { sam: { gets: 'not-allowed', because: 'no reason' } } },
  },
}

describe('the matrix notices a route that', () => {
  for (const [what, { name, who, as, says, row: more }] of Object.entries(BENT)) {
    it(what, async () => {
      const route = routes().find((each): each is Route => each.name === name)
      const row = rows.get(name)
      assert.ok(route && row)
      const honest = callerOf(route)
      const call: Call = async (caller, input) => (caller === who ? as(await honest(caller, input), input) : honest(caller, input))
      assert.match((await unexpected({ scene, route, row: { ...row, ...more }, call })).join('\n'), says)
    })
  }
})
