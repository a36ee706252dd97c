import { connect } from 'node:net'

/** A process that asks, so that a server's cost can be told from that of whoever asks it. Each `Ask` its parent sends is answered by one `Answered`. */
export type Ask = { port: number; requests: Asked[]; count: number }
export type Asked = { path: string; headers?: Record<string, string> }
export type Answered = { bytes: number } | { failed: string }

/** As many as one busy viewer opens. Each asks again once it has its answer. */
const CONNECTIONS = 4

const READ_BYTES = 256 * 1024
const HEAD_END = '\r\n\r\n'
const LAST_CHUNK = Buffer.from('0\r\n\r\n')

type Head = { status: number; length: number | 'chunked'; size: number }

const readHead = (bytes: Buffer): Head | undefined => {
  const end = bytes.indexOf(HEAD_END)
  if (end < 0) return undefined
  const text = bytes.toString('latin1', 0, end)
  const length = /^content-length: (\d+)/im.exec(text)?.[1]
  return { status: Number(text.slice(9, 12)), length: length === undefined ? 'chunked' : Number(length), size: end + HEAD_END.length }
}

/** One connection's answers, one at a time: counts bodies, keeps nothing of them but what a chunked one ends with. */
const reader = (answered: (bytes: number) => void, fail: (why: string) => void): ((bytes: Buffer) => void) => {
  let head: Head | undefined
  let before = Buffer.alloc(0)
  let body = 0
  return (bytes) => {
    let rest = bytes
    if (!head) {
      const all = Buffer.concat([before, bytes])
      head = readHead(all)
      before = head ? Buffer.alloc(0) : all
      if (!head) return
      if (head.status !== 200) return fail(`it was answered ${head.status}`)
      rest = all.subarray(head.size)
    }
    body += rest.length
    if (head.length === 'chunked') before = Buffer.concat([before, rest]).subarray(-LAST_CHUNK.length)
    if (head.length === 'chunked' ? !before.equals(LAST_CHUNK) : body < head.length) return
    const received = body
    head = undefined
    before = Buffer.alloc(0)
    body = 0
    answered(received)
  }
}

const requestOf = ({ path, headers }: Asked): string => {
  const lines = Object.entries({ host: '127.0.0.1', ...headers }).map(([name, value]) => `${name}: ${value}`)
  return `GET ${path} HTTP/1.1\r\n${lines.join('\r\n')}${HEAD_END}`
}

const askOn = (port: number, next: () => string | undefined): Promise<number> =>
  new Promise((resolve, reject) => {
    let received = 0
    const fail = (why: string): void => {
      socket.destroy()
      reject(new Error(why))
    }
    const goOn = (): void => {
      const request = next()
      if (request !== undefined) return void socket.write(request)
      socket.destroy()
      resolve(received)
    }
    const read = reader((bytes) => {
      received += bytes
      goOn()
    }, fail)
    const buffer = Buffer.allocUnsafeSlow(READ_BYTES)
    const callback = (size: number): boolean => {
      read(buffer.subarray(0, size))
      return true
    }
    const socket = connect({ port, host: '127.0.0.1', noDelay: true, onread: { buffer, callback } }, goOn)
    socket.on('error', ({ message }) => fail(message)).on('end', () => fail('the connection was closed'))
  })

const ask = async ({ port, requests, count }: Ask): Promise<number> => {
  const texts = requests.map(requestOf)
  let asked = 0
  const next = (): string | undefined => {
    if (asked === count) return undefined
    asked += 1
    return texts[asked % texts.length]
  }
  const received = await Promise.all(Array.from({ length: CONNECTIONS }, () => askOn(port, next)))
  return received.reduce((sum, bytes) => sum + bytes, 0)
}

const tell = (answer: Answered): void => void process.send?.(answer)
process.on('message', (asked: Ask) => {
  ask(asked).then(
    (bytes) => tell({ bytes }),
    (error: unknown) => tell({ failed: String(error) }),
  )
})
// Nobody is left to ask for.
process.on('disconnect', () => process.exit(0))
