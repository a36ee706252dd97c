import type { Mail } from '#ports/mail.ts'
import type { Tables } from '#ports/tables.ts'
import { beginSpan, spanOfEvent } from '../tracing.ts'
import type { Measure } from './catalogue.ts'

const ORDER = 'order.'

/** The same tables, with how long their commits take, and which events they tell of. */
export const measuredTables = (tables: Tables, measure: Measure): Tables => ({
  ...tables,
  async commit(changes, events = []) {
    const began = performance.now()
    let outcome: 'done' | 'conflict' | 'failed' = 'failed'
    try {
      outcome = await tables.commit(changes, events)
      return outcome
    } finally {
      measure('lectern.tables.commit.duration', (performance.now() - began) / 1000, { outcome })
      for (const { id, name } of outcome === 'done' ? events : []) {
        beginSpan('producer', { id: spanOfEvent(id) })?.end({ name: `event ${name}`, attributes: { 'messaging.message.id': id } }, false)
        measure('lectern.events', 1, { event: name })
        if (name.startsWith(ORDER)) measure('lectern.orders', 1, { state: name.slice(ORDER.length) })
      }
    }
  },
})

/** The same post, with what it has taken and what not. */
export const measuredMail = <M extends object>(mail: Mail & M, measure: Measure): Mail & M => ({
  ...mail,
  async send(letter) {
    let outcome = 'failed'
    try {
      await mail.send(letter)
      outcome = 'sent'
    } finally {
      measure('lectern.mail.letters', 1, { outcome })
    }
  },
})
