import { createHash } from 'node:crypto'
import { EventEmitter } from 'node:events'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import PostalMime, { type Email } from 'postal-mime'

export type Message = {
  id: string
  from: string
  to: string
  subject: string
  /** When it came, ISO 8601. */
  at: string
  /** How often it came: the same Message-ID to the same person is one letter to its reader. */
  times: number
  text: string
  html: string
  headers: { name: string; value: string }[]
}

export type Filter = { to?: string; since?: string }

const MOST = 500
const FILE = /^(\d{13})-([0-9a-f]{16})-(\d+)\.eml$/

const bare = (address: string): string => address.trim().toLowerCase()

const fileOf = ({ id, at, times }: Message): string => `${new Date(at).getTime()}-${id}-${times}.eml`

const message = (email: Email, { id, at, times, to }: Pick<Message, 'id' | 'at' | 'times' | 'to'>): Message => ({
  ...{ id, at, times, to },
  from: email.from?.address ?? '',
  subject: email.subject ?? '(no subject)',
  text: email.text ?? '',
  html: email.html ?? '',
  headers: email.headers.map(({ originalKey, key, value }) => ({ name: originalKey ?? key, value })),
})

/** Whose letter it is stands in a first line, as a mail server writes it: the envelope knows, the headers need not. */
const recipientOf = (email: Email): string => bare(email.headers.find(({ key }) => key === 'delivered-to')?.value ?? email.to?.[0]?.address ?? '')

const readAll = async (folder: string): Promise<Message[]> => {
  const files = (await readdir(folder)).filter((name) => FILE.test(name))
  const read = files.map(async (name) => {
    const [, at = '0', id = '', times = '1'] = FILE.exec(name) ?? []
    const email = await PostalMime.parse(await readFile(join(folder, name)))
    return message(email, { id, at: new Date(Number(at)).toISOString(), times: Number(times), to: recipientOf(email) })
  })
  return (await Promise.all(read)).sort((a, b) => (a.at < b.at ? 1 : -1))
}

/** One after the other: two copies of a letter must not both be the first. */
const queue = (): ((work: () => Promise<void>) => Promise<void>) => {
  let last: Promise<void> = Promise.resolve()
  return (work) => {
    const done = last.then(work)
    last = done.catch(() => {})
    return done
  }
}

/** What `look` finds, now or after a letter has come; nothing when the time is up. */
const awaited = async (arrivals: EventEmitter, look: () => Message[], milliseconds: number): Promise<Message[]> => {
  const found = look()
  if (found.length > 0 || milliseconds <= 0) return found
  return new Promise((resolve) => {
    const settle = (letters: Message[]): void => {
      clearTimeout(timer)
      arrivals.off('letter', lookAgain)
      resolve(letters)
    }
    const lookAgain = (): void => {
      const letters = look()
      if (letters.length > 0) settle(letters)
    }
    const timer = setTimeout(() => settle([]), milliseconds)
    arrivals.on('letter', lookAgain)
  })
}

export type Store = Awaited<ReturnType<typeof openStore>>

/** Letters as files, newest first; the oldest go when there are too many. */
export const openStore = async (folder: string) => {
  await mkdir(folder, { recursive: true })
  let all = await readAll(folder)
  const arrivals = new EventEmitter().setMaxListeners(0)
  let lastAt = 0

  const matching = ({ to, since }: Filter): Message[] =>
    all.filter((each) => (to === undefined || each.to === bare(to)) && (since === undefined || each.at > since))

  const again = async (known: Message): Promise<void> => {
    const more = { ...known, times: known.times + 1 }
    await rename(join(folder, fileOf(known)), join(folder, fileOf(more)))
    all = all.map((each) => (each.id === known.id ? more : each))
  }

  const remove = (letters: Message[]): Promise<unknown> => Promise.all(letters.map((each) => rm(join(folder, fileOf(each)), { force: true })))

  const add = async (recipient: string, raw: Buffer): Promise<void> => {
    const to = bare(recipient)
    const kept = Buffer.concat([Buffer.from(`Delivered-To: ${to}\r\n`), raw])
    const email = await PostalMime.parse(kept)
    const id = createHash('sha256')
      .update(`${email.messageId ?? raw.toString('latin1')} ${to}`)
      .digest('hex')
      .slice(0, 16)
    const known = all.find((each) => each.id === id)
    if (known) {
      await again(known)
    } else {
      // Strictly growing, so that the order of arrival is the order of the files.
      lastAt = Math.max(Date.now(), lastAt + 1)
      const made = message(email, { id, to, times: 1, at: new Date(lastAt).toISOString() })
      await writeFile(join(folder, fileOf(made)), kept)
      const old = all.slice(MOST - 1)
      all = [made, ...all.slice(0, MOST - 1)]
      await remove(old)
    }
    arrivals.emit('letter')
  }

  const inTurn = queue()
  return {
    list: matching,
    find: (id: string): Message | undefined => all.find((each) => each.id === id),
    add: (recipient: string, raw: Buffer): Promise<void> => inTurn(() => add(recipient, raw)),
    clear: (): Promise<void> =>
      inTurn(async () => {
        const old = all
        all = []
        await remove(old)
      }),
    /** The letters that match, as soon as there are any; none when the time is up. */
    wait: (filter: Filter, milliseconds: number): Promise<Message[]> => awaited(arrivals, () => matching(filter), milliseconds),
  }
}
