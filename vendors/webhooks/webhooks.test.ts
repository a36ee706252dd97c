import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect as connectPlainly } from 'node:net'
import { after, before, beforeEach, describe, it } from 'node:test'
import { openWebhooks } from './webhooks.ts'

const ANSWERS: Record<string, (request: IncomingMessage, response: ServerResponse) => unknown> = {
  '/taken': (_, response) => response.writeHead(202).end('thank you'),
  '/moved': (_, response) => response.writeHead(307, { location: '/taken' }).end(),
  '/silent': () => undefined,
  '/endless': (_, response) => {
    const more = (): void => {
      while (response.write(Buffer.alloc(65_536, 'x')));
      response.once('drain', more)
    }
    response.once('close', () => response.removeListener('drain', more))
    more()
  },
}
const HOSTS: Record<string, string[]> = { 'good.example': ['93.184.216.34'], 'inside.example': ['10.0.0.7'], 'half.example': ['93.184.216.34', '127.0.0.1'] }

describe('a webhook', () => {
  const got: { path: string | undefined; headers: Record<string, unknown>; body: string }[] = []
  const connected: string[] = []
  let port = 0
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    got.push({ path: request.url, headers: request.headers, body: Buffer.concat(chunks).toString() })
    const answer = ANSWERS[request.url ?? '']
    if (answer) answer(request, response)
    else response.writeHead(404).end('nothing here')
  })
  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    port = typeof address === 'object' && address ? address.port : 0
  })
  after(() => {
    server.closeAllConnections()
    server.close()
  })
  beforeEach(() => {
    got.length = 0
    connected.length = 0
  })
  const { allows, post } = openWebhooks({
    hosts: ['n8n'],
    seconds: 0.5,
    resolve: async (host) => {
      const found = host === 'n8n' ? ['172.30.46.9'] : HOSTS[host]
      if (found) return found
      throw new Error(`There is no ${host}.`)
    },
    connect: (address, url) => {
      connected.push(`${address} for ${url.origin}`)
      return connectPlainly(port, '127.0.0.1')
    },
  })
  const send = (url: string) => post({ url, headers: { 'webhook-id': 'msg_1', 'content-type': 'application/json' }, body: '{"a":"ü"}' })

  it('is posted as it is to the one address that was checked, and its answer is told', async () => {
    assert.deepEqual(await send('https://good.example/taken'), { status: 202, said: 'thank you' })
    assert.deepEqual(connected, ['93.184.216.34 for https://good.example'])
    const [sent] = got
    assert.ok(sent)
    const { headers, body } = sent
    assert.deepEqual([headers['host'], headers['webhook-id'], headers['content-length'], body], ['good.example', 'msg_1', '10', '{"a":"ü"}'])
  })

  it('is led nowhere else by its receiver', async () => {
    assert.deepEqual(await send('https://good.example/moved'), { status: 307, said: '' })
    assert.equal(got.length, 1)
  })

  it('waits no longer than it should, and reads no more than the first bytes', async () => {
    const [silent, endless] = [await send('https://good.example/silent'), await send('https://good.example/endless')]
    assert.equal('fault' in silent && silent.fault, 'no-answer')
    assert.deepEqual(endless, { status: 200, said: 'x'.repeat(1024) })
  })

  for (const url of [
    ...['https://inside.example/', 'https://half.example/', 'https://127.0.0.1/', 'https://[::1]/', 'https://[::ffff:10.0.0.1]/', 'https://2130706433/'],
    ...['http://good.example/', 'https://user:pass@good.example/', 'ftp://good.example/', 'https://169.254.169.254/latest/meta-data/', 'no address'],
  ])
    it(`to ${url} is sent nowhere`, async () => {
      const answer = await send(url)
      assert.deepEqual(['fault' in answer && answer.fault, connected], ['not-public', []])
      if (!url.includes('half') && !url.includes('inside')) assert.equal(allows(url), false)
    })

  it('to a host that the owner has named is sent wherever that is', async () => {
    assert.ok(allows('http://n8n:5678/hook') && !allows('http://n8n.example/hook') && !allows('https://good.example:8443/'))
    assert.deepEqual(await send('http://n8n:5678/taken'), { status: 202, said: 'thank you' })
    assert.deepEqual(connected, ['172.30.46.9 for http://n8n:5678'])
  })

  it('to a name that nobody knows is not answered', async () => {
    const answer = await send('https://gone.example/')
    assert.equal('fault' in answer && answer.fault, 'no-answer')
  })
})
