import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, connect as connectPlainly } from 'node:net'
import { after, before, beforeEach, describe, it } from 'node:test'
import { guardedFetch, Unreachable } from './guarded-fetch.ts'

const ANSWERS: Record<string, (request: IncomingMessage, response: ServerResponse) => unknown> = {
  '/': (_, response) => response.writeHead(200, { 'content-type': 'text/plain' }).end('here'),
  '/moved': (_, response) => response.writeHead(302, { location: '/' }).end(),
  '/elsewhere': (_, response) => response.writeHead(302, { location: 'https://other.example/' }).end(),
  '/inside': (_, response) => response.writeHead(307, { location: 'https://inside.example/' }).end(),
  '/metadata': (_, response) => response.writeHead(302, { location: 'https://169.254.169.254/latest/meta-data/' }).end(),
  '/plain': (_, response) => response.writeHead(302, { location: 'http://good.example/' }).end(),
  '/loop': (_, response) => response.writeHead(302, { location: '/loop' }).end(),
  '/silent': () => undefined,
  '/endless': (_, response) => {
    const more = (): void => {
      while (response.write(Buffer.alloc(65_536)));
      response.once('drain', more)
    }
    response.once('close', () => response.removeListener('drain', more))
    more()
  },
}

const HOSTS: Record<string, string[]> = {
  ...{ 'good.example': ['93.184.216.34'], 'other.example': ['93.184.216.35'], 'inside.example': ['10.0.0.7'], 'half.example': ['93.184.216.34', 'fd00::1'] },
  'ollama.lan': ['192.168.1.20'],
}

const isUnreachable =
  (because: Unreachable['because']) =>
  (error: unknown): boolean =>
    error instanceof Unreachable && error.because === because

describe('an address that somebody has typed in', () => {
  const connected: string[] = []
  const asked: { line: string; key: string | undefined; signature: string | undefined; body: string }[] = []
  let resolutions = 0
  let port = 0
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { authorization, 'webhook-signature': signature } = request.headers
    asked.push({
      line: `${request.method} ${request.headers.host}${request.url}`,
      key: authorization,
      signature: String(signature ?? ''),
      body: Buffer.concat(chunks).toString(),
    })
    ;(ANSWERS[request.url ?? ''] ?? ((_, reply) => reply.writeHead(404).end()))(request, response)
  })
  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    // What a server of TCP answers is no name of a pipe.
    port = (server.address() as AddressInfo).port
  })
  after(() => {
    server.closeAllConnections()
    server.close()
  })
  beforeEach(() => {
    for (const list of [connected, asked]) list.length = 0
    resolutions = 0
  })

  const ask = guardedFetch({
    ...{ allowedHosts: ['ollama.lan'], seconds: 0.5, mostBytes: 200_000 },
    resolve: async (host) => {
      resolutions += 1
      if (host === 'fickle.example') return resolutions === 1 ? ['93.184.216.34'] : ['127.0.0.1']
      return HOSTS[host] ?? []
    },
    connect: (address) => {
      connected.push(address)
      return connectPlainly(port, '127.0.0.1')
    },
  })

  it('is asked, and followed where it leads within the public internet', async () => {
    for (const path of ['/', '/moved', '/elsewhere']) {
      const { status, body } = await ask(`https://good.example${path}`)
      assert.deepEqual([status, new TextDecoder().decode(body)], [200, 'here'], path)
    }
    assert.deepEqual([...new Set(connected)], ['93.184.216.34', '93.184.216.35'])
  })

  for (const url of [
    ...[
      'http://good.example/',
      'https://good.example:8443/',
      'https://ann:pass@good.example/',
      'ftp://good.example/',
      'file:///etc/passwd',
      'gopher://x',
      'here',
    ],
    ...['https://inside.example/', 'https://half.example/', 'https://none.example/', 'https://127.0.0.1/', 'https://2130706433/', 'https://0x7f.1/'],
    ...['https://[::1]/', 'https://[::ffff:10.0.0.1]/', 'https://[64:ff9b::7f00:1]/', 'https://169.254.169.254/latest/', 'https://[fd00:ec2::254]/'],
  ])
    it(`is not asked where it is ${url}`, async () => {
      await assert.rejects(ask(url), isUnreachable('address'))
      assert.deepEqual(connected, [])
    })

  for (const path of ['/inside', '/metadata', '/plain'])
    it(`is not followed to where nobody could have typed in: ${path}`, async () => {
      await assert.rejects(ask(`https://good.example${path}`), isUnreachable('address'))
      assert.deepEqual(connected, ['93.184.216.34'])
    })

  it('is asked where its name led when it was checked', async () => {
    await ask('https://fickle.example/')
    assert.deepEqual([connected, resolutions], [['93.184.216.34'], 1])
  })

  it('costs no more time, bytes and redirects than it may', async () => {
    await assert.rejects(ask('https://good.example/silent'))
    await assert.rejects(ask('https://good.example/endless'), isUnreachable('size'))
    await assert.rejects(ask('https://good.example/loop'), isUnreachable('redirects'))
  })

  it('is sent on with no key and no signature of another origin', async () => {
    const headers = { authorization: 'Bearer one', 'webhook-signature': 'v1,abc' }
    await ask('https://good.example/elsewhere', { headers })
    assert.deepEqual(
      asked.map(({ key, signature }) => [key, signature]),
      [
        ['Bearer one', 'v1,abc'],
        [undefined, ''],
      ],
    )
  })

  it('takes a post to where it was meant to go, and nowhere else', async () => {
    const { status } = await ask('https://good.example/inside', { method: 'POST', body: '{"a":1}', headers: { 'content-type': 'application/json' } })
    assert.equal(status, 307)
    assert.deepEqual(
      asked.map(({ line, body }) => [line, body]),
      [['POST good.example/inside', '{"a":1}']],
    )
  })

  it('may lie within where the operator has named its host, over plain HTTP and at any port', async () => {
    assert.equal((await ask('http://ollama.lan:11434/')).status, 200)
    assert.deepEqual(connected, ['192.168.1.20'])
    await assert.rejects(ask('ftp://ollama.lan/'), isUnreachable('address'))
  })
})
