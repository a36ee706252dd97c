import type { AnyContractProcedure } from '@orpc/contract'
import type { AuditChange, Audited, audit as contract } from '#contract/audit.ts'
import type { EndpointMeta } from '#contract/base.ts'
import { contract as whole } from '#contract/contract.ts'
import type { Feature } from '#core/handlers.ts'
import { csvText } from '#core/money/csv.ts'
import { Refusal } from '#core/refusal.ts'
import { BY_HAND } from './by-hand.ts'
import { actsPage, sweepActs } from './reading.ts'
import type { StoredAct } from './records.ts'
import { isNoted } from './which.ts'

/** Endpoints by name, and their one line. */
const lines = new Map(
  Object.entries(whole).flatMap(([feature, endpoints]) =>
    Object.entries<AnyContractProcedure>(endpoints).map(([verb, endpoint]): [string, { says: string; method: string; access: string }] => {
      const { route, meta } = endpoint['~orpc']
      // Every endpoint is declared through `endpoint()`, which writes exactly this meta.
      return [`${feature}.${verb}`, { says: route.summary ?? '', method: route.method ?? '', access: (meta as EndpointMeta).access }]
    }),
  ),
)

/** An act that the contract no longer has keeps its name. */
const shown = (act: StoredAct): Audited => ({ ...act, says: lines.get(act.act)?.says ?? BY_HAND.get(act.act) ?? act.act })

const MOST_ROWS = 20_000

const changeText = ({ of, field, before, after }: AuditChange): string => `${of}, ${field}: ${before ?? '–'} → ${after ?? '–'}`

const pairs = (asked: Record<string, string>): string =>
  Object.entries(asked)
    .map(([name, value]) => `${name}: ${value}`)
    .join('; ')

export const audit: Feature<typeof contract> = {
  handlers: {
    list: async (world, _admin, wanted) => {
      const { acts, ...rest } = await actsPage(world, wanted)
      return { acts: acts.map(shown), ...rest }
    },
    kinds: async () => ({
      // Of what is noted only with something in it, the plain endpoint is named too.
      kinds: [
        ...[...lines].flatMap(([act, { says, method, access }]) =>
          isNoted({ name: act, method, access, input: { price: 0, what: 'hide' } }) ? [{ act, says }] : [],
        ),
        ...[...BY_HAND].map(([act, says]) => ({ act, says })),
      ],
    }),
    table: async (world, _admin, wanted) => {
      const found: StoredAct[] = []
      for (let page: string | undefined, isFirst = true; isFirst || page !== undefined; isFirst = false) {
        const part = await actsPage(world, { ...wanted, page })
        found.push(...part.acts)
        page = part.next
        if (found.length > MOST_ROWS) throw new Refusal('too-large', `These are more than ${MOST_ROWS} rows: choose a shorter time.`)
      }
      const rows = found.map(({ at, act, by, about, asked, changes, request }) => [
        at,
        by.name,
        by.email,
        act,
        about.join('; '),
        pairs(asked),
        changes.map(changeText).join('\n'),
        request,
      ])
      return {
        fileName: `audit-${world.clock.now().toISOString().slice(0, 10)}.csv`,
        csv: csvText(['at', 'by', 'email', 'act', 'about', 'asked', 'changes', 'request'], rows),
      }
    },
  },
  hearings: [],
  timers: [{ name: 'audit.sweep', everySeconds: 86_400, run: sweepActs }],
}
