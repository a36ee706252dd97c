import type { DatabaseSync } from 'node:sqlite'
import type { Log } from '#ports/log.ts'
import type { Letter, Mail } from '#ports/mail.ts'

const MOST_ATTEMPTS = 20
const WAIT_MS = { first: 1000, most: 5 * 60_000 }
/** An operator's verb beside an open school writes letters that it cannot send; where a round is due anyway, it takes them along. */
export const LOOK_MS = 60_000

const statements = (database: DatabaseSync) => ({
  insert: database.prepare('INSERT INTO letters (id, letter) VALUES (?, ?)'),
  waiting: database.prepare('SELECT id, letter, attempts FROM letters ORDER BY attempts, rowid'),
  sent: database.prepare('DELETE FROM letters WHERE id = ?'),
  failed: database.prepare('UPDATE letters SET attempts = attempts + 1 WHERE id = ?'),
  dropped: database.prepare('DELETE FROM letters WHERE id = ? AND attempts >= ?'),
})

export type Post = ReturnType<typeof post>

/**
 * Letters leave in the background, so that how long mail takes tells nothing about an account and a mail server that is
 * down holds nobody up. They are kept until they are taken, over a restart too.
 */
export const post = ({ database, mail, log }: { database: DatabaseSync; mail: Mail; log: Log }) => {
  const { insert, waiting, sent, failed, dropped } = statements(database)
  let isClosed = false
  let timer: NodeJS.Timeout | undefined
  let round: Promise<void> | undefined
  let isWanted = false

  const deliver = async (id: string, letter: Letter): Promise<boolean> => {
    try {
      await mail.send(letter)
      if (!isClosed) sent.run(id)
      return true
    } catch (error) {
      if (isClosed) return false
      failed.run(id)
      if (dropped.run(id, MOST_ATTEMPTS).changes > 0) log.error('a letter was given up', error, { letter: id })
      else log.warn('a letter waits for the mail server', { letter: id, reason: error instanceof Error ? error.message : String(error) })
      return false
    }
  }

  const deliverAll = async (): Promise<void> => {
    // The columns the statement names, of a STRICT table.
    const rows = waiting.all() as { id: string; letter: string; attempts: number }[]
    const left: number[] = []
    for (const { id, letter, attempts } of rows) {
      if (isClosed) return
      if (!(await deliver(id, JSON.parse(letter)))) left.push(attempts)
    }
    if (left.length > 0 && !isClosed) timer = setTimeout(kick, Math.min(WAIT_MS.most, WAIT_MS.first * 2 ** Math.min(...left))).unref()
  }

  const kick = (): void => {
    isWanted = true
    if (round || isClosed) return
    isWanted = false
    clearTimeout(timer)
    timer = undefined
    round = deliverAll()
      .catch((error: unknown) => log.error('letters cannot be read', error))
      .finally(() => {
        round = undefined
        if (isWanted) kick()
      })
  }

  kick()
  const looking = setInterval(() => timer === undefined && kick(), LOOK_MS).unref()
  return {
    send(letter: Letter): void {
      insert.run(letter.id, JSON.stringify({ ...letter, kind: 'account' }))
      // After the caller's transaction, which may hold more than the letter.
      queueMicrotask(kick)
    },
    close(): void {
      isClosed = true
      for (const each of [timer, looking]) clearTimeout(each)
    },
  }
}
